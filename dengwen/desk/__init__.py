"""The desk: the pages of those who work on cases. Parse, one domain call, render; nothing is
decided here."""
