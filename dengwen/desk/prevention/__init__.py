"""Prevention at the desk: decisions and risk, meetings, screening, responsibility."""
