"""Two versions of a study side by side: what a revision has changed."""
