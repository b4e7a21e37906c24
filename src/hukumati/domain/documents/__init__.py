"""Issues, seals, stores, verifies and revokes official documents.

Owns the document, its number and code, and how often it was checked. Promises that a document once issued is never changed, that it can
be rendered again to the byte, and that anybody who holds it can find out whether it is authentic. Never decides whether somebody
deserves a document, and never tells a verifier more than the paper does.
"""
