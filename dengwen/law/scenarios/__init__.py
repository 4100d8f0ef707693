"""Scenarios as data: after these acts, these duties; and whether they would notice a change."""
