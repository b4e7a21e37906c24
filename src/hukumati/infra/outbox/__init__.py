"""Commit first, speak later: an event is a row written with the change, and told to its subscribers by jobs.

Owns the event log and its delivery. Promises that an event exists if and only if its transaction committed, and that each subscriber
hears it at least once. Never calls anybody inside the publishing transaction.
"""
