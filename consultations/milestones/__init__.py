"""What became of what was decided: pledges, their milestones, and what the agency reports of them."""
