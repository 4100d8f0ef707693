"""权限: accounts, roles by period, the read log, sealing of what may not lie open, receipt codes."""
