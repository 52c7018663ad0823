"""Whether proposals can be carried out: who is assigned, what they found, and what it comes to."""
