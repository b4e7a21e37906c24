"""How a citizen who was never here becomes an account: checked against the civil registry, proved by a code."""
