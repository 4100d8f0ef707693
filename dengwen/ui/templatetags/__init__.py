"""Template tags of the shared face."""
