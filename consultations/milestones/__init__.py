"""What became of what was decided: commitments, their milestones, and what the agency reports of them."""
