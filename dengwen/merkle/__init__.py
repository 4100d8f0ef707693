"""Merkle trees, salted disclosures and signed notes: everything a stranger needs to check a
receipt.

Pure: no Django, no clock, no network, no randomness. Times, salts and keys are arguments. Only
``dengwen.merkle.ed25519`` needs a package outside the standard library (``cryptography``).
"""
