"""The face for programs: providers' callbacks and public data."""
