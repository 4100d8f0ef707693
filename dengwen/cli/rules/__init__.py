"""Commands for rules: `law`, `pack`, `calendar`."""
