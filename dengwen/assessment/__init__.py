"""Assessment (考核): facts frozen at a ledger position, counted by engines, scored by law,
recomputed elsewhere."""
