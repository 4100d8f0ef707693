"""信访事项: who asks what, how it is taken in, split, linked and looked up (seed arts. 5, 6, 8)."""
