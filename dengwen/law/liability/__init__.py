"""Accountability (责任追究) as law: who may bear what, which measures are open, how long they work."""
