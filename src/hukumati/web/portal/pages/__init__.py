"""The portal, page by page: parse, one verb or some reads, answer."""
