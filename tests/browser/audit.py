"""Looks for faults on every page of the finished book, and in its file with the Nu Html Checker
that it is given; prints them, and writes down what was looked at and how many were found, which the
page on accessibility tells: `make audit`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from looking import LOOKS, axe_in_all_looks, sideways
from playwright.sync_api import sync_playwright
from window import EXECUTED, PAGES, SITE

from analysis import paths
from analysis.citation import cited
from analysis.files.whole import write_whole

LANDING = "index.html"
ALL = [LANDING, *PAGES, *EXECUTED]
SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


def start():
    """A browser for each process, with a tab that the policy of no page keeps axe out of."""
    global tab
    program = shutil.which("chromium") or shutil.which("google-chrome")
    chromium = sync_playwright().start().chromium
    browser = chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
    tab = browser.new_page(locale="de-DE", reduced_motion="reduce", bypass_csp=True)


def look(page):
    """What was asked for on a page, in which version of axe, and the faults."""
    if page == LANDING:  # its script leads on
        tab.set_content(SCRIPT.sub("", (SITE / page).read_text("utf-8")))
    else:
        tab.goto((SITE / page).as_uri())
    rules, faults = set(), []
    for *of_look, asked, found in axe_in_all_looks(tab):
        rules.update(asked)
        faults += [["axe", *of_look, *fault] for fault in found]
    version = tab.evaluate("axe.version")
    faults += [["sideways", width] for width in sideways(tab)]
    print(page, *faults, sep="\n  ", flush=True)
    return version, rules, faults


def check(jar):
    """Which version of the checker it is, and what it says of the files."""
    checker = ["java", "-Xss4m", "-jar", jar]
    version = subprocess.run([*checker, "--version"], capture_output=True, text=True, check=True)
    asked = [*checker, "--format", "json", "--stdout", "--errors-only", *ALL]
    told = subprocess.run(asked, cwd=SITE, capture_output=True, text=True).stdout
    errors = [[fault.get("url"), fault["message"]] for fault in json.loads(told)["messages"]]
    for error in errors:
        print(*error, sep="  ", flush=True)
    return version.stdout.split()[0], errors


def main():
    """Prints every fault, and writes the record; exit status 1 if there is one."""
    jar, jobs = Path(sys.argv[1]).resolve(), int(os.environ.get("COMPENDIUM_JOBS") or 2)
    with ProcessPoolExecutor(jobs, initializer=start) as pool:
        checked = pool.submit(check, jar)
        looked = list(pool.map(look, ALL))
        vnu, errors = checked.result()
    [axe] = {version for version, *_ in looked}
    record = {
        "audit_release": cited().release,
        "audit_pages": len(ALL),
        "audit_looks": len(LOOKS),
        "audit_axe": axe,
        "audit_axe_rules": len(set().union(*(rules for _, rules, _ in looked))),
        "audit_axe_faults": sum(fault[0] == "axe" for *_, faults in looked for fault in faults),
        "audit_sideways": sum("sideways" in {kind for kind, *_ in found} for *_, found in looked),
        "audit_vnu": vnu,
        "audit_vnu_faults": len(errors),
        "pages": ALL,
    }
    write_whole(paths.root() / "accessibility.json", f"{json.dumps(record, indent=2)}\n")
    sys.exit(any(faults for *_, faults in looked) or bool(errors))


if __name__ == "__main__":
    main()
