"""The registry at the desk: organs, lists of organs, lists for classified handling."""
