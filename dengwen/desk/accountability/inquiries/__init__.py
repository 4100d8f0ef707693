"""Inquiries at the desk: the list, one inquiry, its steps, the evidence board, roles, the end."""
