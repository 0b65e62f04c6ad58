"""Evidence: what the model is held against."""
