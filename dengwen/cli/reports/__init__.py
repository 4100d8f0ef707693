"""Commands that count, assess and report."""
