"""Codings from the programs that people code with, and back to them: reads their exports into the
raw tables of a study, and accounts for everything that was in them.
"""

RECORD = "coding/import.json"  # the account of the last import, among the raw tables
ORIGIN = "Reproducible compendium"  # by which an export of ours is known
