"""Time stamps of signed heads by somebody else: a port with three adapters, so that nobody can date a head back.

``TIMESTAMPING`` chooses: ``none``, ``rfc3161`` (any authority, at ``TIMESTAMP_URL``) or ``bfa`` (Blockchain Federal
Argentina). Stamps are asked for by ``manage.py stamp_heads``, never while people vote, and travel with the export.
"""
