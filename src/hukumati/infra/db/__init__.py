"""The database as a machine: the embedded server, append-only and other guards."""
