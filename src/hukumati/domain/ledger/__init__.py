"""Double-entry postings, append-only, balanced by the database. Balances are derived, never stored."""
