"""Leads (追责线索): raised, taken, declined."""
