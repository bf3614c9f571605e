"""Runs notebooks."""
