"""Asking: designs, samples, paired comparison, sensitivity."""
