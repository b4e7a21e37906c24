"""What the State offers: service folders, loaded, proved, published as immutable versions."""
