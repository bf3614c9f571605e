"""Which steps are due, and how notebooks run."""
