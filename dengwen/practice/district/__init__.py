"""The invented district: organs, people, settings, and what its people write about."""
