"""Accountability at the desk: leads, inquiries, measures, and what concerns the person signed
in."""
