"""Dates in figures, in English: 11/10/2026 is October to some who read it, and November to others."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
