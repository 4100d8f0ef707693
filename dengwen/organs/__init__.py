"""机关: divisions, organs, posts and officials by period — who was in charge on the date of the
act."""
