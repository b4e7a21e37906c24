"""The nouns of the office. Each module is entered through its door: api.py, ports.py, sdk.py."""
