"""Brings a document to its holder: pick-up at a counter against a one-time code."""
