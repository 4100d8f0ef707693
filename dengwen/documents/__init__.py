"""Documents (文书): numbered without a gap, rendered from what an act said, complete as kept."""
