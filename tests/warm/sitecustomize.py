"""Read by every Python that a project of the tests starts: one that is to fork kernels, or a step
that makes tables or pages, leaves that to a zygote of the tests, where there is one, and ends with
it.
"""

import os
import sys

sys.modules.setdefault("rfc3987_syntax", None)  # as analysis.patches.loading does in builds
if "multiprocessing.forkserver import main" in sys.orig_argv[-1] and "ZYGOTE" in os.environ:
    import zygote

    zygote.hand_over(os.environ["ZYGOTE"])
is_step = sys.orig_argv[1:3] == ["-m", "analysis"] and sys.orig_argv[-1].startswith("--work=")
if is_step and "ZYGOTE_OF_STEPS" in os.environ:
    import zygote

    zygote.hand_over(os.environ["ZYGOTE_OF_STEPS"], unsaid=1)
