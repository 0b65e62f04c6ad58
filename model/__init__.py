"""The world in which the agents act."""
