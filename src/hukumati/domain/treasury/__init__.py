"""Compares what banks and providers say with what the books say, each day, and keeps what differs until a person has answered for it.

Owns bank files, their entries, providers' settlement lists, what was matched with what, and the differences. Promises that a file is taken whole or
not at all, that no entry is counted twice however often it is told, that every entry stands in the ledger from the moment it is taken, and that a
difference has an owner and a day by which it is answered. Never changes a charge, a receipt or a refund.
"""
