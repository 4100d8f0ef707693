"""Oversight at the desk: breaches, supervision, suggestions, figures, inspections."""
