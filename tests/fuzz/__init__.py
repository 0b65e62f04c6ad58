"""Random and hostile input for everything that takes any: each is answered by a result, or by one line of words."""
