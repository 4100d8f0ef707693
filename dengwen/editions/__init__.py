"""版本: the installed rulebooks, calendar notices, local settings and interpretations, each dated."""
