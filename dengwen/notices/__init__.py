"""Notices (告知): an outbox of neutral sentences, and the channels that carry them."""
