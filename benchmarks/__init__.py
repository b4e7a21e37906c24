"""How fast it is, beside what the machine could do at best. `python -m benchmarks` runs each and writes RESULTS.md; README: `make bench`."""
