"""Issues, signs, stores, verifies and revokes official documents."""
