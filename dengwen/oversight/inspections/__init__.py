"""Inspections (督查): plan, draw, findings, what is published of them."""
