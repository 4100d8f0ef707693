"""Commands that prove the record."""
