"""Prepares and counts a synthetic study in one process: `python benchmarks/counting.py CODINGS`
prints seconds and peak MiB.
"""

from __future__ import annotations

import resource
import sys
import time

import synthetic

from analysis.methods.counts import attribution_counts, block_order, co_occurrence
from analysis.processed.prepare import prepare
from analysis.raw.study import Study, read_study


def main(n: int) -> None:
    """Everything between the raw tables and the counts that figures show."""
    study = read_study(synthetic.MINI / "data", synthetic.MINI / "book/references.bib")
    study = Study(synthetic.codings(study.tables, n), [])
    codes = list(study["codes"]["code"])
    start = time.perf_counter()
    tables = prepare(study)
    together = co_occurrence(tables["codings"], tables["statements"], codes)
    block_order(together)
    attribution_counts(tables["codings"], tables["statements"], codes)
    seconds = time.perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]))
