"""What a person's life leaves in the ministries' books: drawn from his number when asked, the same every time.

Nothing here is stored: a draw costs some microseconds, and the population's file stays as small as it is. The cast's
people live exactly as `population/cast.toml` says; what it does not say did not happen to them.
"""
