"""What organisation and personnel departments are told and may ask (S 10, 14, 18)."""
