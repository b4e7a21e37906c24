"""The web server of the benchmark of pages: the demonstration's, with two bare views beside its own addresses."""
