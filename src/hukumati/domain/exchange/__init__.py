"""Asks ministries' registries, purpose-bound: no read without a live case that covers the person and the attributes. Every read is recorded and shown to the citizen."""
