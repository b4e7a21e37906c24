"""Tells people: the inbox is the record; SMS and email point to it."""
