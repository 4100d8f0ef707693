"""值守: the loops that nobody has to start by hand: sweep, sequencer, outbox.

Each looks at rows, never at messages: a day without them loses nothing, and two at once do nothing
twice.
"""
