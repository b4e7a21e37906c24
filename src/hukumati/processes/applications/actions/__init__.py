"""Everything that changes a case. One verb, one transaction, one timeline line, one audit line."""
