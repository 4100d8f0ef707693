"""The wall: who may see which case, for every door."""
