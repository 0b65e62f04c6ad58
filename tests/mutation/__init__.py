"""Mutants: the rules with one small fault each, to see that tests notice."""
