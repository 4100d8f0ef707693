"""Leads at the desk: the inbox, one lead with what it rests on, raising one by hand."""
