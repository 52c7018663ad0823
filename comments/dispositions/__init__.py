"""Dispositions: what the agency did with each contribution, and why."""
