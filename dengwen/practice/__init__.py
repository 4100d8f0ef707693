"""演练: an invented district with invented people, for practice, demonstrations, tests and
benches."""
