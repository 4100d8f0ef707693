"""Personnel departments at the desk: notices, queries, opinions on cadres."""
