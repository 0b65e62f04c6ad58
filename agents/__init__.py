"""Who acts: the citizens with their rules, and the institutions."""
