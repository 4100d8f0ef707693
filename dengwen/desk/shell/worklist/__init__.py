"""The first page after signing in: open duties, notices, what waits to be received."""
