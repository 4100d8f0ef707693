"""Files handed in: judged by content, sealed, bound to their case."""
