"""Looking at the model."""
