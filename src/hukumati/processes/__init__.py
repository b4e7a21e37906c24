"""What spans several domain modules."""
