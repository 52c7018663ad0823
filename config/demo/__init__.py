"""The demonstration: an invented city, Villa Serena, with its agencies, its people and what they are deciding.

``people.py`` is who they are, ``consultations/*.toml`` what they decide, one file each; ``building.py`` makes rows of
it. All of it is written by us; no person in it exists, and their addresses end in ``.example``, which no one can own.
"""
