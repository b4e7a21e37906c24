"""What is assembled: settings, addresses, and which adapter serves which port."""
