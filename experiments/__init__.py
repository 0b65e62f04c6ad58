"""Asking questions of the model."""
