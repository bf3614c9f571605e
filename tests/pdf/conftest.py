"""Where Pango is missing, only what is said of that is tested: nothing but `make pdf` needs it."""

from analysis.pdf.layout import PdfError, check_libraries

try:
    check_libraries()
    collect_ignore = []
except PdfError:
    collect_ignore = ["test_gaps.py", "test_printed.py"]
