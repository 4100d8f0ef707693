"""Petitions at the desk: register, find, classify, split, draft, groups, ratings."""
