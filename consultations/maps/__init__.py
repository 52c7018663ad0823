"""Places: where proposals are, and the districts that they lie in."""
