"""Observers: people whom the agency accredits to see the single ballots of a poll after its close, named in public."""
