"""How matters are taken in: who asks, in groups, through agents, split, or alike."""
