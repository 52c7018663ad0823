"""Cover pictures and attachments of consultations and proposals."""
