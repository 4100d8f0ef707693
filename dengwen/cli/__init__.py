"""The command `dengwen`: the door for administrators, lawyers and auditors."""
