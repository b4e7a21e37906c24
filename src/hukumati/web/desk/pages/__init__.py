"""The desk, page by page: parse, one verb or some reads, answer."""
