"""Small wrong changes to the doors (mutants), and whether a test notices each: `make mutate`."""
