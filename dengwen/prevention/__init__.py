"""源头预防 (seed art. 4): meetings, major decisions, screening, who is responsible, and early
warning on matters."""
