"""The row layer: rows written and read by hand, statements prepared once, one queue of writers."""
