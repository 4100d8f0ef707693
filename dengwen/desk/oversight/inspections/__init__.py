"""Inspections at the desk: `/desk/oversight/inspections/`."""
