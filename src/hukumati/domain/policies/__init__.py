"""The payment policy: which ways a fee may be paid, in which order and within which limits, as the law says it. Data with versions.

It knows services by their names and ways by theirs; what a way is, payments knows. Whoever proposes a version does not release it.
"""
