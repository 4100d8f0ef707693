"""Django's SQLite with one queue for those who write: `base` is what `ENGINE` of the settings
names."""
