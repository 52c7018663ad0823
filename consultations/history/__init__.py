"""Who changed what in a consultation: the audit trail, in words, for the owner of its agency."""
