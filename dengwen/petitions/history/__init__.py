"""Messages of the past, brought in and counted."""
