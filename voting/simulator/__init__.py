"""Trying two methods on ballots that are not this consultation's, before it opens and after. Nothing is stored."""
