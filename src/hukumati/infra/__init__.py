"""Plumbing without business: audit, outbox, jobs, http, health, db."""
