"""Leaders at the desk: letters, receptions, promises, incidents, duties, the staff log."""
