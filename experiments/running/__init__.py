"""Running many: what a run is, processes, the store and what is read from it."""
