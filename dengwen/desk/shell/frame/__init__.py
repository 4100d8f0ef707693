"""What surrounds every page: the request and its seat, the chapters, signing in."""
