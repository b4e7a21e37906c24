"""Brings a document to its holder: pick-up at a counter against a one-time code.

Owns the waiting copy, its code and who handed it over. Promises that a copy is handed over once, against the code, at the office where
it waits. Never sends a message: whoever offers a pick-up tells the holder the code.
"""
