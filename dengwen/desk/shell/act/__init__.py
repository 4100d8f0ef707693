"""What asks for an act and does it: its page, its form and choices, what was refused."""
