"""Twenty thousand invented people with family ties, the same ones every time."""
