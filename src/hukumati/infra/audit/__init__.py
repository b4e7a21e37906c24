"""Who did what, when: an append-only record, sealed every second into a signed Merkle checkpoint."""
