"""Measuring Dengwen: its write door, import, work list and sweep, each beside the raw limit of
the same run."""
