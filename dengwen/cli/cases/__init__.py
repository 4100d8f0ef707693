"""Commands that act on cases and on the registry."""
