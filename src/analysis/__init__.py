"""From interview codings and case-study data to the tables, figures and pages of the report."""
