"""The write door: `perform`, what it checks, what it records, what it issues."""
