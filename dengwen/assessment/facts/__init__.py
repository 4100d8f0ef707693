"""What an assessment counts, drawn from acts and duties."""
