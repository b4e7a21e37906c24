"""Everything that changes payments. One verb, one transaction, one audit line; the network stands outside all of them."""
