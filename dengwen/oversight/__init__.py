"""督查督办 (arts. 6, 9): supervision, the three suggestions, the joint conference, figures and the
annual report."""
