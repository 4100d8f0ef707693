"""What time alone brings about: the sweep and the registers of recurring duties."""
