/* Aids to reading: what a link leads to is shown beside it, a figure is enlarged, a paragraph has a link. Pages can be read without it. */
(() => {
  "use strict";

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

  /* What stands at places of another page is in a script of its own, which loads from a disk too. */
  const known = new Map();
  const waiting = new Map();

  window.studyPlaces = (page, places) => waiting.get(page)?.(places);

  function placesOf(page) {
    if (!known.has(page)) {
      const script = document.createElement("script");
      script.src = new URL(`_static/places/${page.split("/").map(encodeURIComponent).join("/")}.js`, root);
      const loaded = new Promise((resolve) => {
        waiting.set(page, resolve);
        script.addEventListener("error", () => resolve({}));
      });
      document.head.append(script);
      known.set(page, loaded);
    }
    return known.get(page);
  }

  /* For the search as well. */
  window.studyPlacesOf = placesOf;

  async function ledTo(link) {
    const [address, ...rest] = link.href.split("#");
    const anchor = rest.join("#"); /* a name may have one */
    if (!anchor || !address.startsWith(root.href) || !address.split("?")[0].endsWith(".html")) return undefined;
    const page = window.studyDecoded(address.slice(root.href.length).split("?")[0].slice(0, -".html".length));
    return page && (await placesOf(page))[window.studyDecoded(anchor)];
  }

  /* A preview: beside the link that the pointer or the keyboard is at, until it leaves both or presses Escape. */
  const LINKS = "article a[href*='#']:not(.headerlink)";
  const preview = document.createElement("div");
  preview.className = "study-preview";
  preview.id = "study-preview";
  preview.setAttribute("role", "tooltip");
  let at;
  let later;
  let giveBack; /* what the link at a preview has lost to it */

  function hide() {
    clearTimeout(later);
    giveBack?.();
    giveBack = at = undefined;
    preview.remove();
  }

  /* While its preview is shown a link is described by it, and a title would be a second one. */
  function describe(link) {
    const kept = ["title", "aria-describedby"].map((name) => [name, link.getAttribute(name)]);
    giveBack = () => kept.forEach(([name, value]) => (value === null ? link.removeAttribute(name) : link.setAttribute(name, value)));
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", [link.getAttribute("aria-describedby"), preview.id].filter(Boolean).join(" "));
  }

  /* Below its link, or above where there is more room: it never lies on it, not even with a picture that comes later. */
  function place(link) {
    const [box, { clientHeight, clientWidth }] = [link.getBoundingClientRect(), document.documentElement];
    const [above, below] = [box.top, clientHeight - box.bottom].map((room) => room - 12);
    preview.style.maxHeight = "";
    const isBelow = preview.offsetHeight <= below || below >= above;
    preview.style.maxHeight = `min(60vh, ${isBelow ? below : above}px)`;
    preview.style.top = isBelow ? `${box.bottom + 4}px` : "auto";
    preview.style.bottom = isBelow ? "auto" : `${clientHeight - box.top + 4}px`;
    const { left } = link.getClientRects()[0] ?? box;
    preview.style.left = `${Math.max(8, Math.min(left, clientWidth - preview.offsetWidth - 8))}px`;
  }

  async function show(link) {
    const found = await ledTo(link);
    if (!found || at !== link) return;
    const [text, picture, language] = found;
    preview.replaceChildren(text);
    preview.lang = language ?? document.documentElement.lang;
    if (picture) {
      const image = document.createElement("img");
      image.alt = "";
      image.src = new URL(picture, root);
      image.addEventListener("load", () => at === link && place(link));
      preview.prepend(image);
    }
    describe(link);
    document.body.append(preview);
    place(link);
  }

  function arrive(event, wait) {
    const link = event.target.closest?.(LINKS);
    if (!link || link === at || link.closest("svg")) return;
    hide();
    at = link;
    later = setTimeout(() => show(link), wait);
  }

  function leave() {
    clearTimeout(later);
    later = setTimeout(() => {
      if (!preview.matches(":hover") && !at?.matches(":hover, :focus-visible")) hide();
    }, 200);
  }

  preview.addEventListener("pointerleave", leave);
  document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && arrive(event, 300));
  document.addEventListener("pointerout", (event) => event.target.closest?.(LINKS) && leave());
  document.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && arrive(event, 0));
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const way = { PageDown: 1, PageUp: -1 }[event.key];
    if (!way || !preview.isConnected || !at?.matches(":focus-visible")) return;
    const left = way < 0 ? preview.scrollTop : preview.scrollHeight - preview.clientHeight - preview.scrollTop;
    if (left < 1) return; /* the page goes on */
    event.preventDefault(); /* a long one is read to its end by keyboard, too */
    preview.scrollBy(0, way * preview.clientHeight * 0.9);
  });
  document.addEventListener("scroll", () => at && preview.isConnected && place(at), { passive: true });

  /* A figure as large as the window. */
  function addEnlarging(frame, words) {
    const button = document.createElement("button");
    button.className = "study-enlarge";
    button.textContent = words.enlarge;
    button.ariaLabel = `${words.enlarge}: ${frame.ariaLabel}`;
    button.addEventListener("click", () => enlarge(frame));
    frame.after(button);
  }

  function enlarge(frame) {
    const place = document.createElement("div"); /* as high: who closes the dialog is where they were */
    const dialog = document.createElement("dialog");
    const close = document.createElement("button");
    dialog.className = "study-large";
    dialog.ariaLabel = frame.ariaLabel;
    close.className = "study-close";
    close.textContent = "×";
    close.ariaLabel = document.querySelector("[data-close]")?.dataset.close ?? "";
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("a[href^='#']")) && dialog.close()); /* and to where a mark leads */
    dialog.addEventListener("close", () => {
      place.replaceWith(frame);
      dialog.remove();
    });
    place.style.height = `${frame.offsetHeight}px`;
    frame.replaceWith(place);
    dialog.append(close, frame);
    document.body.append(dialog);
    dialog.showModal();
  }

  /* A link to a paragraph, which is drawn, not written, so that nobody copies it. The tab key stops at those of headings, not
     at each of a hundred paragraphs; from there the arrow keys go from link to link. */
  function addLink(paragraph, words) {
    const link = document.createElement("a");
    link.className = "headerlink study-paragraph";
    link.href = `#${paragraph.id}`;
    link.ariaLabel = link.title = words.paragraph;
    link.addEventListener("click", () => {
      const copying = navigator.clipboard?.writeText(link.href) ?? Promise.reject();
      copying.then(() => say(words.copied), () => say(words.notCopied));
    });
    link.tabIndex = -1;
    paragraph.append(link);
  }

  /* What copying has come to is said aloud; a copy button of Sphinx shows it only. */
  const status = document.createElement("p");
  status.className = "study-unseen";
  status.setAttribute("role", "status");

  function say(text) {
    status.textContent = ""; /* else the same again is not said */
    setTimeout(() => (status.textContent = text), 100);
  }

  function sayCopies(words) {
    let isCopied;
    document.body.append(status);
    document.addEventListener("click", () => (isCopied = false), true);
    document.addEventListener("copy", () => (isCopied = true));
    document.addEventListener("click", (event) => {
      if (event.composedPath().some((part) => part.matches?.(".copybtn"))) say(isCopied ? words.copied : words.notCopied);
    });
  }

  /* What these are called is in the language of the edition, whatever stands around them. */
  function markLanguage() {
    const { lang } = document.documentElement;
    all("article [lang] :is(a.headerlink, .copybtn, .study-enlarge)").forEach((each) => (each.lang = lang));
  }

  const HEADINGS = "article :is(h1, h2, h3, h4, h5, h6) > a.headerlink";

  function rove(words) {
    const links = all(`${HEADINGS}, article a.study-paragraph`);
    links.forEach((link, i) => {
      if (link.tabIndex < 0 || !links[i + 1]?.matches(".study-paragraph")) return;
      link.ariaLabel = link.title = `${link.title}; ${words.keys}`;
    });
    document.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = links.indexOf(event.target);
      if (at < 0 || !way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      links[at + way]?.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const words = document.getElementById("study-words")?.dataset;
    if (!words) return;
    all(".study-frame:has(.study-drawing)").forEach((frame) => addEnlarging(frame, words));
    all("article p[id^='paragraph-']").forEach((paragraph) => addLink(paragraph, words));
    rove(words);
    sayCopies(words);
  });
  window.addEventListener("load", markLanguage); /* when all of them are there */
})();
