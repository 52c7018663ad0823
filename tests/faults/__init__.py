"""Kill things while people vote, and see that every ballot that was answered is in the log exactly once.

``make test`` runs each fault once, small; ``make faults`` runs each 20 times, larger (FAULT_TIMES, FAULT_VOTERS).
"""
