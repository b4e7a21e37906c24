"""What the catalogue shows of thousands of services without loading one folder: rows, search, plan of the migration, open data."""
