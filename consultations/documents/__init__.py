"""Draft texts: writing, importing, publishing, comparing them. docs/texts.md says how positions count."""
