"""Virtual trials: each measures in the model what was measured in the world."""
