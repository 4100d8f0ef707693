"""What every command has in common: arguments, account, clock, answers in words."""
