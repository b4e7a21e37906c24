"""Everything that changes treasury. One verb, one transaction, one audit line; providers are asked outside of them."""
