"""Acts and duties: whether an act may be done, and what follows from the acts of a case."""
