"""The law as a pure function: rule packs, calendars, terms, acts, duties, explanations.

Nothing here knows Django, a clock, a network or randomness; the time is always an argument.
"""
