"""Files from outside: the only place that opens them. Used by every room that takes some."""
