"""The schema of every raw and processed table: validation, data package and data
dictionary read it here.
"""

from analysis.tables.columns import Table
from analysis.tables.processed import PROCESSED, STATEMENTS, UNITS, is_named
from analysis.tables.raw import JOINED, RAW, coder_of, described

# What columns are called in any of them.
COLUMNS = {name for table in (*RAW.values(), *PROCESSED.values()) for name in table.columns}

__all__ = [
    "COLUMNS",
    "JOINED",
    "PROCESSED",
    "RAW",
    "STATEMENTS",
    "UNITS",
    "Table",
    "coder_of",
    "described",
    "is_named",
]
