"""Lists of organs, of divisions and for classified handling."""
