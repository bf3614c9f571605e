"""Codings from the programs that people code with, and back to them: reads their exports into the
raw tables of a study, and accounts for everything that was in them.
"""

ORIGIN = "Reproducible compendium"  # by which an export of ours is known
