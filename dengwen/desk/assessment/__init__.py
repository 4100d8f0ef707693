"""Assessment at the desk: schemes, boards, objections, what was frozen."""
