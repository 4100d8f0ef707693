"""Keys, and what is made with them: sealed values, blind indexes, codes."""
