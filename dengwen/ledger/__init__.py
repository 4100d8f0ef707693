"""存证 The tamper-evident ledger: events, sequencer, receipts, checks, append-only guards.

``log`` writes events, ``sequencer`` seals them, ``receipts`` hands out proofs, ``check`` looks for
tampering. See docs/why/ledger.en.md for what this proves and what it does not.
"""
