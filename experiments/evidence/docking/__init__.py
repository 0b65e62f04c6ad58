"""Models of the literature, written again as small ordinary Mesa programs, with the numbers that they must give."""
