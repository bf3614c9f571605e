"""Parts of a single figure each, which would be too long in one module."""
