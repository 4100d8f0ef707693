"""What pages show of a case and of registers, in words."""
