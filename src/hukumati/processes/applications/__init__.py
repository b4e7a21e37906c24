"""A citizen's application, from draft to delivered document; and inquiries answered live.

Owns the case: its state, answers, evidence, promised date and timeline. Promises that a case moves only by its service's proved
process table, that every move is on the timeline, and that no move is lost between payment, document and delivery. Never reads a
registry without a grant of the case, never takes money or signs anything itself.
"""
