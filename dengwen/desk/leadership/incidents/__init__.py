"""Incidents at the desk: `/desk/leadership/incidents/`."""
