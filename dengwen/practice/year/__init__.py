"""A year of registers played through."""
