"""Service folders: read, decoded, proved. A folder comes in as text by file name, so that a published snapshot loads the same way."""
