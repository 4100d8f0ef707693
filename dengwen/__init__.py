"""Dengwen 登闻: petition work and the responsibility system for it, as software."""
