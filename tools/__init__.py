"""Scripts that look after the house: setup, locks, checks. Nothing here is part of the running
office."""
