"""The finished book and the window it is read in."""

from analysis import paths

SITE = paths.build() / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.glob("*/**/*.html")
    if not {"_static", "executed"} & {*path.parts}
)
EXECUTED = sorted(
    path.relative_to(SITE).as_posix() for path in SITE.glob("*/notebooks/executed/*.html")
)
EDITIONS = sorted({path.split("/")[0] for path in PAGES})
SIZES = {"desktop": (1300, 900), "tablet": (820, 1180), "phone": (390, 844)}


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
