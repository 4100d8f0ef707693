"""Inquiry (核查): evidence, roles, hearing, findings, proposal."""
