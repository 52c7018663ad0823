"""The sealed log of ballots: what is hashed, how the hashes make a tree, and how its head is signed. Pure.

No Django, no database, no clock. ``tree.py``: the Merkle tree of RFC 9162 with its proofs. ``entries.py``: the bytes of
each thing that stands in the log. ``note.py``: the signed head, a C2SP checkpoint. ``verify.py``: all of it once more,
in one file that needs nothing but Python, for whoever does not want to take our word. ``docs/log-format.md`` has every
byte.
"""
