"""Time in law: working days, periods, and the day on which a period ends."""
