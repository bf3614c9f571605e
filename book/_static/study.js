/* What the theme leaves undone for keyboard, finger and screen reader. Pages can be read without it. */
(() => {
  "use strict";

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* The other editions at the same place. Names of sections differ between languages, their order does not. */
  const SECTION = /^#section=(\d+)$/;

  /* For all scripts: a text as it is looked for, with ae for ä as people type it. */
  const SPELT = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  window.studyFolded = (text) => text.normalize("NFKC").toLowerCase().replace(/[äöüß]/g, (letter) => SPELT[letter]);

  /* And a part of an address as it is meant. */
  window.studyDecoded = (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return ""; /* somebody has spoilt it */
    }
  };

  function followPlace() {
    const sections = all("article section");
    const arrived = SECTION.exec(location.hash);
    if (arrived && sections[arrived[1]]) {
      location.replace(`#${sections[arrived[1]].id}`);
      return;
    }
    const here = document.getElementById(window.studyDecoded(location.hash.slice(1)));
    const hash = sections.includes(here) ? `#section=${sections.indexOf(here)}` : location.hash;
    for (const link of all(".study-editions a")) {
      link.search = location.search;
      link.hash = hash;
    }
  }

  /* Buttons: the theme takes the focus from them when they are pressed, and does not say what they have done. */
  const WIDE = matchMedia("(min-width: 992px)");
  const OPENERS = {
    "pst-primary-sidebar-modal": ".primary-toggle",
    "pst-secondary-sidebar-modal": ".secondary-toggle",
    "pst-search-dialog": ".search-button, .search-button-field",
  };
  const BUTTONS = `.theme-switch-button, ${Object.values(OPENERS).join(", ")}`;

  function pairs() {
    return ["primary", "secondary"]
      .map((side) => ({
        button: document.querySelector(`.bd-header-article .${side}-toggle`),
        dialog: document.getElementById(`pst-${side}-sidebar-modal`),
        sidebar: document.getElementById(`pst-${side}-sidebar`),
      }))
      .filter(({ button, dialog }) => button && dialog);
  }

  function sayState() {
    const colours = document.querySelector(".theme-switch-button");
    const shown = colours?.querySelector(`[data-mode="${document.documentElement.dataset.mode}"]`);
    if (shown) colours.ariaLabel = `${colours.title}: ${shown.dataset.title}`;
    for (const { button, dialog, sidebar } of pairs()) {
      const beside = WIDE.matches && button.matches(".primary-toggle");
      const open = beside ? !sidebar.classList.contains("pst-sidebar-hidden") : dialog.open;
      button.setAttribute("aria-expanded", open);
      button.setAttribute("aria-controls", beside ? sidebar.id : dialog.id);
    }
  }

  let pressed;
  let followed;

  function afterPress(event) {
    const button = event.target.closest?.(BUTTONS);
    if (!button) return;
    pressed = button;
    setTimeout(() => {
      sayState();
      if (document.activeElement === document.body) button.focus({ preventScroll: true });
      if (!document.querySelector("dialog[open]")) pressed = undefined; /* has opened none that could give it back */
    });
  }

  function afterClose({ target }) {
    if (!(target.id in OPENERS)) return; /* a dialog of ours leaves the keyboard where it was */
    if (pressed?.matches(OPENERS[target.id])) { /* else the next one was opened before this one is told to be closed */
      if (!followed) pressed.focus({ preventScroll: true });
      pressed = undefined;
    }
    followed = false;
    sayState();
  }

  /* A link of the contents leads to the page below them; and fingers have no Escape key. */
  function addWayOut({ dialog, sidebar }) {
    const close = document.createElement("button");
    close.className = "study-close";
    close.textContent = "×";
    close.ariaLabel = document.querySelector("[data-close]")?.dataset.close ?? "";
    close.addEventListener("click", () => dialog.close());
    sidebar.prepend(close);
    const heading = sidebar.querySelector("[id^='pst-page-navigation-heading']");
    dialog.ariaLabel = sidebar.querySelector("nav[aria-label]")?.ariaLabel ?? heading?.textContent.trim();
    dialog.addEventListener("click", (event) => {
      followed = Boolean(event.target.closest("a[href^='#']"));
      if (followed) dialog.close();
    });
  }

  /* What scrolls sideways: a stop for the tab key, with a name, and faded where there is more to the right. */
  const FRAMES = ".study-frame, .pst-scrollable-table-container, .cell_output > .output, article pre";

  function nameOf(frame) {
    const before = frame.closest("details")?.querySelector("summary") ?? frame.closest("section")?.querySelector("h1, h2, h3, h4");
    const name = frame.querySelector("caption") ?? before;
    return name?.innerText.replace(/#\s*$/, "").trim();
  }

  const heightOf = (frame, part) => frame.querySelector(part)?.offsetHeight ?? 0;

  /* Below the header of the page, which takes two lines where type is large. */
  const headerHeight = () => heightOf(document, ".bd-header-article");

  /* In a frame that scrolls nothing sticks: there the head of a table goes down as far as its rows have gone up. */
  function keepHead(frame) {
    const head = frame.querySelector(":scope > .study-table > thead");
    head?.getAnimations().forEach((stay) => stay.cancel());
    if (!head || !("ViewTimeline" in window) || frame.hasAttribute("data-fits")) return;
    const [from, rows] = [heightOf(frame, "caption"), heightOf(frame, "tbody")];
    head.animate(
      { transform: ["none", `translateY(${rows}px)`] },
      {
        fill: "both",
        rangeEnd: `exit-crossing ${from + rows}px`,
        rangeStart: `exit-crossing ${from}px`,
        timeline: new ViewTimeline({ inset: [CSS.px(headerHeight()), CSS.px(0)], subject: frame }),
      },
    );
  }

  function watchScroll(frame) {
    const over = frame.scrollWidth - frame.clientWidth;
    frame.tabIndex = over > 1 ? 0 : -1;
    frame.toggleAttribute("data-more", over - frame.scrollLeft > 1);
    frame.toggleAttribute("data-fits", over <= 1);
    frame.style.setProperty("--study-caption", `${heightOf(frame, "caption")}px`);
    frame.style.setProperty("--study-first", `${frame.querySelector("tr > :first-child")?.offsetWidth ?? 0}px`);
    frame.style.setProperty("--study-head", `${heightOf(frame, "thead")}px`);
    if (over > 1 && !frame.hasAttribute("role")) {
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", nameOf(frame) ?? document.title);
    }
  }

  /* What the keyboard comes to is not below the first column, which stays. */
  function uncover({ currentTarget: frame, target }) {
    const first = target.closest("tr")?.firstElementChild;
    if (!first || first.contains(target) || getComputedStyle(first).position !== "sticky") return;
    const hidden = first.getBoundingClientRect().right - target.getBoundingClientRect().left;
    if (hidden > 0) frame.scrollLeft -= hidden + 4;
  }

  /* A drawing whose marks are links is one stop for the tab key; from mark to mark the arrow keys lead. */
  const WAYS = {
    ArrowRight: (marks, at) => marks[at + 1],
    ArrowLeft: (marks, at) => marks[at - 1],
    ArrowDown: (marks, at) => nearest(marks, marks[at], 1),
    ArrowUp: (marks, at) => nearest(marks, marks[at], -1),
    Home: (marks) => marks[0],
    End: (marks) => marks.at(-1),
  };

  function nearest(marks, from, way) {
    const place = (mark) => mark.getBoundingClientRect();
    const here = place(from);
    const away = ({ left, top }) => {
      const ahead = (top - here.top) * way;
      /* What lies beside it is no step down; of what lies below, the same column comes first. */
      return ahead > here.height / 2 ? ahead + 3 * Math.abs(left - here.left) : Infinity;
    };
    const [least, mark] = marks.map((each) => [away(place(each)), each]).reduce((one, other) => (other[0] < one[0] ? other : one));
    return least < Infinity ? mark : undefined;
  }

  function rove(drawing) {
    const marks = all("a[href]:not([aria-hidden])", drawing);
    if (marks.length < 2) return;
    const stopAt = (stop) => marks.forEach((mark) => mark.setAttribute("tabindex", mark === stop ? 0 : -1));
    stopAt(marks[0]);
    drawing.addEventListener("focusin", ({ target }) => marks.includes(target) && stopAt(target));
    drawing.addEventListener("keydown", (event) => {
      const at = marks.indexOf(event.target);
      if (at < 0 || !WAYS[event.key] || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      WAYS[event.key](marks, at)?.focus();
    });
    drawing.closest("figure")?.querySelector(".study-keys")?.removeAttribute("hidden");
  }

  document.addEventListener("click", afterPress, true);
  document.addEventListener("close", afterClose, true);
  window.addEventListener("hashchange", followPlace);

  document.addEventListener("DOMContentLoaded", () => {
    all(".study-drawing").forEach(rove);
    followPlace();
    pairs().forEach(addWayOut);
    const search = document.getElementById("pst-search-dialog");
    if (search) search.ariaLabel = search.querySelector("input")?.ariaLabel;
    sayState();
    WIDE.addEventListener("change", sayState);
    const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => [watchScroll, keepHead].forEach((each) => each(target))));
    const frames = all(FRAMES);
    const header = new ResizeObserver(() => {
      document.documentElement.style.setProperty("--study-header", `${headerHeight()}px`);
      frames.forEach(keepHead);
    });
    all(".bd-header-article").forEach((each) => header.observe(each));
    for (const frame of frames) {
      resized.observe(frame);
      frame.addEventListener("focusin", uncover);
      frame.addEventListener("scroll", () => watchScroll(frame), { passive: true });
    }
  });
})();
