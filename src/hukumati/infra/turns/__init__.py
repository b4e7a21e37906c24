"""Turns at a counter that serves so many a second: who comes first is served first, and everybody knows when.

Owns one row a room: when its next turn is due. Promises that turns are given in the order in which they were taken, across all processes,
by one statement each, and that a turn never changes: nobody overtakes, and looking again costs no place. Never knows who took a turn.
"""
