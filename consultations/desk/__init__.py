"""The official's desk: what needs them today, and a consultation's numbers over time."""
