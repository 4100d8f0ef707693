"""Decisions on accountability at the desk: the list, one file, the decision, appeals."""
