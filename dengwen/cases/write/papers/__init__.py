"""Papers that acts issue: their contents, the draft that is shown, the document that is kept."""
