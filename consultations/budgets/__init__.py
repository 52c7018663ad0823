"""The money of a budget by districts, and what is put to the vote with it."""
