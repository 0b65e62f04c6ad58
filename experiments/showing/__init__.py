"""Showing: figures and tables."""
