"""Faces: they translate between people or programs and the system; they hold no rules."""
