"""What is frozen of an assessment, handed out, and computed again elsewhere."""
