"""The report on paper: one PDF for each language, of the same pages."""
