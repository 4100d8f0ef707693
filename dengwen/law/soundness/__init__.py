"""Soundness of rule packs: every kind of case is explored before anybody works by it."""
