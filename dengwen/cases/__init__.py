"""办理: cases, acts and duties; `perform`, the only write door; the wall every reader passes; replay
as proof.

- perform.py: the write door, read it first
- writing.py: how an act, its duties, texts and parties become rows
- wall.py: who may see which case (`for_user`)
- system.py: reading for the system itself (sweep, replay)
- sweep.py: breaches and lapses, once each
- replay.py: rows equal replay, or the difference is named
"""
