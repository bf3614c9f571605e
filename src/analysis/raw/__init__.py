"""The raw data of a study: read, typed, checked."""
