"""Commands that found, keep and move an office."""
