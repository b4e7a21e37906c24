"""Double-entry postings, append-only, balanced by the database. Balances are derived, never stored.

Owns postings and their lines. Promises that the lines of every posting sum to zero in one currency, that nothing written is ever changed,
and that saying the same thing twice writes it once. Never decides who owes what: other modules say which accounts move, and why.
"""
