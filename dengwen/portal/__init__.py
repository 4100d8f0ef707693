"""The petitioner's door: what to expect, submit, receipt, follow, remedies. No account, no
script."""
