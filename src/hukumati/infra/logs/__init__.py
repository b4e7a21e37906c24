"""What the processes say while they run: facts with names, one line each, never personal data.

Owns the configuration of structlog and the request log. Promises that every line of one request carries its id, and that what looks like an ID
number or a telephone number is masked even when a library's message holds it. Never logs a path: paths carry references and codes.
"""
