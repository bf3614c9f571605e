"""The processed tables: made from the raw ones, described, read."""
