"""A card gateway with a hosted page, a bank's challenge, signed notices, refunds and settlement. No real card."""
