"""Annotations: comments on a range of words of a draft text, and where they stand in each of its versions."""
