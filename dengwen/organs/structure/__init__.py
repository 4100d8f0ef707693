"""How organs stand to each other, and who held which post on a day."""
