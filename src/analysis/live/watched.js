// In each page while `make watch` runs: hears of builds and proofs, loads the page again where the
// reader was, and shows what was wrong over the last good page.
(() => {
  const script = document.currentScript;
  const isProof = "proof" in script.dataset;
  const kept = `watched ${location.pathname}`;
  let storage; // some browsers give none to pages of this machine
  try {
    storage = sessionStorage;
  } catch {}
  const host = document.createElement("aside");
  host.setAttribute("aria-label", "make watch");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>
    :host { all: initial; }
    [hidden] { display: none !important; }
    * { box-sizing: border-box; font: 1rem/1.45 system-ui, sans-serif; }
    #busy { position: fixed; inset: auto auto 1rem 1rem; z-index: 2147483646; padding: .3rem .8rem;
      border-radius: 1rem; background: #1f2933; color: #fff; }
    #trouble { position: fixed; inset: 0 0 auto; z-index: 2147483647; max-height: 80vh;
      overflow: auto; padding: 1rem 1.25rem; background: #fff; color: #1f2933;
      border-top: .4rem solid #b3261e; box-shadow: 0 .5rem 2rem rgb(0 0 0 / 45%); }
    h2 { margin: 0 3rem .25rem 0; font-weight: 600; }
    p { margin: 0 0 .75rem; }
    pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;
      font: .9rem/1.5 ui-monospace, monospace; }
    button { position: absolute; inset: .75rem .75rem auto auto; padding: .3rem .8rem;
      border: 1px solid #5b6770; border-radius: .3rem; background: #fff; color: #1f2933;
      cursor: pointer; }
    button:focus-visible { outline: 3px solid #1f5fa8; outline-offset: 2px; }
    @media (prefers-color-scheme: dark) {
      #trouble, button { background: #1f2933; color: #f2f4f6; }
    }
    @media print { :host { display: none; } }
  </style>
  <div id="busy" role="status" hidden>Building …</div>
  <section id="trouble" role="alert" aria-labelledby="head" hidden>
    <h2 id="head">The report could not be built</h2>
    <p>What could not be built is shown as it was before.</p>
    <pre tabindex="0" aria-label="What was wrong"></pre>
    <button type="button">Close</button>
  </section>`;
  const [busy, trouble, text, close] = ["#busy", "#trouble", "pre", "button"].map((what) =>
    shadow.querySelector(what),
  );
  const hide = () => (trouble.hidden = true);
  close.addEventListener("click", hide);
  shadow.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.body.append(host);

  // The place of a reader: what is at the top of the window, and which folds are open.
  const folds = () => [...document.querySelectorAll("details")];
  const remember = () => {
    const named = [...document.querySelectorAll("main [id]")].filter(
      (one) => one.getClientRects().length,
    );
    const below = named.find((one) => one.getBoundingClientRect().bottom > 0);
    const place = {
      id: below?.id,
      top: below?.getBoundingClientRect().top,
      y: scrollY,
      open: folds().map((one) => one.open),
    };
    storage?.setItem(kept, JSON.stringify(place));
  };
  const restore = () => {
    const place = JSON.parse(storage.getItem(kept) ?? "null");
    storage.removeItem(kept);
    if (!place) return;
    folds().forEach((one, at) => {
      if (at in place.open) one.open = place.open[at];
    });
    const found = place.id && document.getElementById(place.id);
    const y = found ? scrollY + found.getBoundingClientRect().top - place.top : place.y;
    scrollTo({ top: y, behavior: "instant" });
  };
  if (storage?.getItem(kept)) {
    history.scrollRestoration = "manual";
    addEventListener("load", () => {
      restore();
      history.scrollRestoration = "auto";
    });
  }

  const listen = () => {
    const socket = new WebSocket(
      `ws://${location.host}/-/news?page=${encodeURIComponent(location.pathname)}`,
    );
    socket.addEventListener("message", (event) => {
      const news = JSON.parse(event.data);
      const isBuilt = !busy.hidden && !news.building;
      busy.hidden = !news.building;
      busy.textContent = isProof ? "A proof of this page. Building the report …" : "Building …";
      if (news.trouble !== text.textContent || isBuilt) {
        text.textContent = news.trouble;
        trouble.hidden = !news.trouble || isProof;
      }
      // also where something is wrong: it may be so in another edition alone
      if (news.version !== script.dataset.version) {
        remember();
        location.reload();
      }
    });
    socket.addEventListener("close", () => {
      busy.hidden = true;
      setTimeout(listen, 500);
    });
  };
  listen();
})();
