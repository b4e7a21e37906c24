"""Decision tables: what they look at, how their cells are read, proved and decided. Pure: no Django, no clock, and nothing in a cell is ever run."""
