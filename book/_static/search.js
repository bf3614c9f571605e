/* The search: parts of compounds, what is printed before what else there is, and excerpts, which also come from a disk. */
(() => {
  "use strict";

  const AROUND = 120;
  const COMPOUNDS = 4; /* letters of a part that is looked for within longer words */
  const folded = (text) => window.studyFolded(text);
  const unmarked = (text) => folded(text.normalize("NFD").replace(/\p{Mark}/gu, "")); /* as stems are */
  const typed = (new URLSearchParams(location.search).get("q") ?? "").split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean);

  /* A word as it is typed; else as it begins in its other forms. With each, how a text is to be made comparable. */
  function formsOf(word) {
    const stem = folded(new Stemmer().stemWord(word.normalize("NFKC").toLowerCase()));
    const short = stem.replace(/(?<=..)i$/, ""); /* industri is in no industry */
    return [[folded, folded(word)], [folded, stem], [folded, short], [unmarked, short]];
  }

  /* What excerpts are to show: not the words that every text has, unless there are no others. */
  function soughtWords() {
    const telling = typed.filter((word) => ![...stopwords].includes(word.normalize("NFKC").toLowerCase()));
    return (telling.length ? telling : typed).map(formsOf);
  }

  /* A word that is in the index is looked for within other ones as well, as others are already. */
  function findParts() {
    const whole = Search.performTermsSearch;
    Search.performTermsSearch = (wanted, ...rest) => {
      const { terms } = Search._index;
      for (const word of wanted) {
        if (word.length < COMPOUNDS || !Object.hasOwn(terms, word)) continue;
        const longer = Object.keys(terms).filter((term) => term.includes(word));
        terms[word] = [...new Set(longer.flatMap((term) => terms[term]))];
      }
      return whole(wanted, ...rest);
    };
  }

  /* Sphinx leaves out what is a number alone. */
  function findNumbers() {
    const parse = Search._parseQuery;
    Search._parseQuery = (query) => {
      const parsed = parse(query);
      const [, wanted, , marked] = parsed;
      for (const word of splitQuery(query)) if (/^\d+$/.test(word)) [wanted, marked].forEach((each) => each.add(word));
      return parsed;
    };
  }

  /* A word such as `constructor` is in the index only where a page has it. */
  function knowOwnWords() {
    const { hasOwnProperty } = Object.prototype; /* which Sphinx asks it for */
    const plain = Object.setPrototypeOf({ hasOwnProperty }, null);
    const own = (index) => [index.terms, index.titleterms].forEach((terms) => Object.setPrototypeOf(terms, plain));
    const take = Search.setIndex;
    Search.setIndex = (index) => {
      own(index);
      take(index);
    };
    if (Search._index) own(Search._index);
  }

  /* Where a word begins in a text of which the folded one has more letters. */
  function placeOf([comparable, word], text) {
    let left = comparable(text).indexOf(word);
    let place = 0;
    for (const letter of text) {
      if (left <= 0) break;
      left -= comparable(letter).length;
      place += letter.length;
    }
    return place;
  }

  /* The texts that have most of the words come first; those with other forms of them only where none has one as typed. */
  function havingOf(places, words) {
    const texts = Object.entries(places).map(([at, [text, , language]]) => ({ at, text: text.normalize(), language }));
    const isIn = (text) => ([comparable, form]) => comparable(text).includes(form);
    for (const sought of [words.map((forms) => forms.slice(0, 1)), words]) {
      const found = (text) => sought.map((forms) => forms.find(isIn(text))).filter(Boolean);
      const having = texts.map((place) => ({ ...place, found: found(place.text) })).filter((place) => place.found.length);
      if (having.length) return having.sort((one, other) => other.found.length - one.found.length);
    }
    return [];
  }

  function excerpt(places, anchor) {
    const having = havingOf(places, soughtWords());
    const { text, found, language } = having.find(({ at }) => at === anchor) ?? having[0] ?? {};
    if (!text) return [];
    const middle = placeOf(found.reduce((one, other) => (other[1].length > one[1].length ? other : one)), text);
    /* Whole words only. */
    const before = text.slice(0, middle).slice(-AROUND);
    const after = text.slice(middle, middle + AROUND);
    const head = middle > AROUND ? `… ${before.replace(/^\S*\s+/, "")}` : before;
    return [head + (middle + AROUND < text.length ? `${after.replace(/\s+\S*$/, "")} …` : after), language];
  }

  async function describe(item) {
    const link = item.querySelector("a");
    const [page, anchor] = (link?.getAttribute("href") ?? "").split("#");
    if (!page.endsWith(".html")) return;
    const [said, language] = excerpt(await window.studyPlacesOf(window.studyDecoded(page.slice(0, -".html".length))), anchor);
    if (!said) return;
    const shown = document.createElement("p");
    shown.className = "context";
    shown.textContent = said;
    shown.lang = page.startsWith("notebooks/") ? "en" : (language ?? document.documentElement.lang);
    item.append(shown);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const results = document.getElementById("search-results");
    if (!results || typeof Search === "undefined") return;
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false; /* Sphinx would load whole pages for them */
    const last = JSON.parse(document.getElementById("study-last")?.textContent ?? "[]");
    Scorer.score = ([page, , , , score]) => (last.includes(page) ? score - 100 : score);
    if (document.documentElement.lang === "de") findParts();
    findNumbers();
    knowOwnWords();
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          if (node.localName === "li") describe(node);
          if (node.matches?.(".search-summary")) node.setAttribute("role", "status"); /* how many there are is said aloud */
        }
    }).observe(results, { childList: true, subtree: true });
  });
})();
