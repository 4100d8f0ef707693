"""What shows one case: its page, its protected texts, what is decided on it."""
