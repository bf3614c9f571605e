"""Looks for faults on all pages of the finished book, with axe-core in four looks, and with the Nu
Html Checker where VNU names its vnu.jar; prints every fault, and what it has counted.
"""

import json
import os
import subprocess
import sys

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import sync_playwright
from window import PAGES, SITE, SIZES, resize

# Faults by rule: where they are.
FAULTS = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
    .map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 120))]))"""
LOOKS = [("light", "desktop"), ("dark", "phone"), ("light", "phone"), ("dark", "desktop")]


def axe_faults(tab, url):
    """What axe finds on a page in each look, with everything folded open."""
    tab.goto(url)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    tab.add_script_tag(path=AXE_FILE_PATH)
    for scheme, size in LOOKS:
        resize(tab, SIZES[size])
        tab.emulate_media(color_scheme=scheme)
        tab.evaluate("scheme => document.documentElement.dataset.theme = scheme", scheme)
        tab.wait_for_timeout(200)  # for what the page does when its size has changed
        for fault in tab.evaluate(FAULTS):
            yield [scheme, size, *fault]


def vnu_faults(jar):
    """What the checker says of all pages, and which version it is."""
    done = subprocess.run(
        [
            "java",
            "-jar",
            jar,
            "--format",
            "json",
            "--errors-only",
            *(SITE / page for page in PAGES),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stderr)["messages"]
    named = subprocess.run(["java", "-jar", jar, "--version"], capture_output=True, check=True)
    return [[fault.get("url"), fault["message"]] for fault in told], named.stdout.decode().strip()


def main():
    """Prints every fault, and the counts."""
    faults, counts = [], {"pages": len(PAGES), "looks": len(LOOKS)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None)
        tab = browser.new_page(locale="de-DE", reduced_motion="reduce")
        for page in PAGES:
            faults += [[page, *fault] for fault in axe_faults(tab, (SITE / page).as_uri())]
        counts |= {"axe": tab.evaluate("axe.version"), "axe_faults": len(faults)}
    if jar := os.environ.get("VNU"):
        found, counts["vnu"] = vnu_faults(jar)
        counts["vnu_faults"] = len(found)
        faults += found
    for fault in faults:
        print(*fault, sep="  ")
    print(json.dumps(counts, sort_keys=True))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
