"""领导责任（细则第七条）: letters read, days of reception, visits down, cases in charge, coordination,
checks."""
