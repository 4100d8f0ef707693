"""How an inquiry ends: what it still lacks, what may be proposed, what follows."""
