"""Signing in: sessions, where a request comes from, slowing down guessing."""
