"""Takes what a citizen hands in: a photo, a scanned paper.

Owns the uploaded thing and its bytes. Promises that nothing of the file as it came is kept: it is judged by its bytes, decoded within limits,
and only the picture that it showed is written anew, without metadata and without anything that could run. Never knows what a case is: whoever
asked for an upload keeps it with `keep`, and what nobody keeps, or what was let go, is taken away.
"""
