/* What if: looks up what a combination of switches gives. Everything is computed beforehand and lies in the page. */
(() => {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];

  function start(form) {
    const { changed, sizes, vectors, numerals, verdicts, said } = JSON.parse(document.getElementById("study-whatif").textContent);
    const interviews = [...form.querySelectorAll("[data-kind=interview]")];

    /* Where each switch stands: 0 as reported. */
    const positions = () =>
      sizes.map((_, axis) => {
        const inputs = [...form.querySelectorAll(`[name="axis-${axis}"]`)];
        return inputs[0].type === "radio" ? inputs.findIndex((one) => one.checked) : Number(!inputs[0].checked);
      });

    function lookUp(place, at) {
      const [by, numbers] = vectors[place];
      const n = numbers[by.reduce((found, axis) => found * sizes[axis] + at[axis], 0)];
      return typeof n === "string" ? parseInt(n, 36) : n;
    }

    const word = (n) => numerals[n] ?? String(n);
    const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
    const shown = {
      verdict: (n) => verdicts[n],
      number: word,
      capital: (n) => capital(word(n)),
      count: String,
    };

    /* For those who do not see that it is bold. */
    function unseen() {
      const told = document.createElement("span");
      told.className = "study-unseen";
      told.textContent = ` (${changed})`;
      return told;
    }

    function show() {
      const at = positions();
      const stated = sizes.map(() => 0);
      const found = [0, 0, 0];
      for (const [kind, text] of Object.entries(shown)) {
        for (const element of all(`article [data-${kind}]`)) {
          const n = lookUp(element.dataset[kind], at);
          const isOther = n !== lookUp(element.dataset[kind], stated);
          element.replaceChildren(text(n), ...(isOther ? [unseen()] : []));
          element.classList.toggle("study-changed", isOther);
          if (kind === "verdict") found[n] += 1;
        }
      }
      const [none, fails, holds] = found;
      const numbers = { holds, fails, void: none };
      form.querySelector("[role=status]").textContent = said.replace(/\{(\w+)\}/g, (text, name) => numbers[name] ?? text);
      /* Without any interview there would be nothing to ask about. */
      const left = interviews.filter((one) => one.checked);
      for (const one of interviews) one.disabled = left.length === 1 && one === left[0];
    }

    form.addEventListener("change", show);
    form.addEventListener("reset", () => setTimeout(show));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.reset();
    form.hidden = false;
    show();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.study-whatif");
    if (form) start(form);
  });
})();
