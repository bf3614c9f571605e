/* Tables and lists of statements can be searched, filtered and sorted, and saved as they are shown. What is shown stands in the address, so that it can be cited. Pages can be read without it. */
(() => {
  "use strict";

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const textOf = (cell) => cell.innerText.trim().replace(/\s+/g, " ");
  const captionOf = (table) => table.caption?.innerText.replace(/#\s*$/, "").trim();

  /* A number as this language writes it, or what else the cell says: 007, 4.10 and 01.03.2020 are texts. */
  const parts = new Intl.NumberFormat(language).formatToParts(1234567.5);
  const [group, decimal] = ["group", "decimal"].map((kind) => parts.find(({ type }) => type === kind).value.replace(/\s/, " "));
  const number = new RegExp(`^[-−]?(0|[1-9]\\d{0,2}(\\${group}\\d{3})*|[1-9]\\d{0,14})(\\${decimal}\\d*[1-9])?$`);
  function valueOf(text) {
    return number.test(text) ? Number(text.replace("−", "-").replaceAll(group, "").replace(decimal, ".")) : text;
  }

  /* What a cell is sorted by: a day, a month or an amount that it names in words stands in it as programs read it. */
  function orderOf(cell) {
    const amount = cell.querySelector("data")?.value;
    return amount ? Number(amount) : cell.querySelector("time")?.dateTime || valueOf(textOf(cell));
  }

  let state;
  function readState() {
    state = new URLSearchParams(location.search);
    const [id, ...sorted] = (state.get("sort") ?? "").split("."); /* as it was when it told of one table */
    if (id) state.set(`sort.${id}`, sorted.join("."));
    state.delete("sort");
  }

  const placeInAddress = () => document.getElementById(window.studyDecoded(location.hash.slice(1)));

  function keep(name, value) {
    if (value) state.set(name, value);
    else state.delete(name);
    const query = String(state);
    const hash = placeInAddress()?.closest("[hidden]") ? "" : location.hash; /* what it hides it would lead to, and end */
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + hash);
    window.dispatchEvent(new Event("hashchange")); /* the links to other editions lead to the same rows */
  }

  /* Filtering: rows with one value of a column that has few, in whichever words. */
  const FEW = 12;
  const LONG = 10; /* rows of a table that is worth it */
  const filters = [];
  const fields = []; /* what chooses rows: filters and the search */
  const kept = (row) => filters.every(({ table, column, field }) => !field.value || !table.contains(row) || textOf(row.cells[column]) === field.value);

  function addFilters(table, template, refresh) {
    const rows = [...table.tBodies[0].rows];
    const place = document.createElement("p");
    place.className = "study-filters";
    all("thead tr:only-child > th", table).forEach((head, column) => {
      const values = [...new Set(rows.map((row) => textOf(row.cells[column])))].sort(collator.compare);
      if (rows.length < LONG || values.length < 2 || values.length > Math.min(FEW, rows.length / 2)) return;
      const label = template.content.querySelector(".study-filter").cloneNode(true);
      const field = label.querySelector("select");
      const name = `${table.id}.${column}`;
      label.prepend(textOf(head), " ");
      field.ariaLabel = [textOf(head), captionOf(table)].filter(Boolean).join(": ");
      field.append(...values.filter(Boolean).map((value) => new Option(value)));
      /* in the address by a row that has it, as its words differ between editions */
      const nameOf = (row) => row.id || `row-${rows.indexOf(row) + 1}`;
      const first = (value) => rows.find((row) => textOf(row.cells[column]) === value);
      const read = () => {
        const named = rows.find((row) => nameOf(row) === state.get(name));
        const wanted = named ? textOf(named.cells[column]) : state.get(name);
        field.value = values.includes(wanted) ? wanted : "";
      };
      field.addEventListener("change", () => {
        refresh();
        keep(name, field.value && nameOf(first(field.value)));
      });
      filters.push({ table, column, field });
      fields.push({ field, name, read });
      place.append(label);
    });
    if (place.hasChildNodes()) (table.closest(".pst-scrollable-table-container") ?? table).before(place);
  }

  /* What is shown only with a row in it that has the words sought, and what stands beside it: a title, filters, a button. */
  const HOLDING = "article section section:not(:has(figure, .study-matrix)), article details, .pst-scrollable-table-container, article table, ul.study-statements";
  const beside = ({ nextElementSibling: after, previousElementSibling: before }) =>
    [before?.matches(".rubric, .study-filters") && before, after?.matches(".study-save") && after].filter(Boolean);

  function holders(rows) {
    const holding = new Map();
    for (const each of rows) {
      for (let place = each.row; (place = place.parentElement.closest(HOLDING)); ) {
        if (!holding.has(place)) holding.set(place, []);
        holding.get(place).push(each);
      }
    }
    return holding;
  }

  /* A statement stands under each of its codes, and is one. */
  const count = (rows) => new Set(rows.map(({ row, text }) => (row.localName === "li" ? text : row))).size;

  /* Searching: rows that have every word, in any order. */
  function search(words, rows, holding, form) {
    const wanted = window.studyFolded(words).split(/\s+/).filter(Boolean);
    for (const each of rows) {
      each.isFound = wanted.every((word) => each.text.includes(word));
      each.row.hidden = !each.isFound || !kept(each.row);
      const folds = each.row.closest("details");
      if (folds && wanted.length && !each.row.hidden) folds.open = true;
    }
    for (const [place, held] of holding) {
      const isEmpty = !held.some(({ isFound }) => isFound); /* a filter leaves its table, with itself */
      for (const part of [place, ...beside(place)]) part.hidden = isEmpty;
    }
    const shown = rows.filter(({ row }) => !row.hidden);
    const said = form.querySelector("output");
    said.value = said.dataset.shown.replace("{n}", count(shown)).replace("{all}", count(rows));
    form.toggleAttribute("data-some", shown.length < rows.length); /* on paper it stands with the rows */
    for (const { field } of fields) field.closest("label").toggleAttribute("data-chosen", Boolean(field.value.trim()));
  }

  function addSearch(rows, tables, template) {
    const form = template.content.querySelector("form").cloneNode(true);
    const field = form.querySelector("input");
    const texts = rows.map((row) => ({ row, text: window.studyFolded(row.textContent) }));
    const holding = holders(texts);
    const refresh = () => search(field.value, texts, holding, form);
    document.querySelector("article h1").after(form);
    fields.push({ field, name: field.name, read: () => (field.value = state.get(field.name) ?? "") });
    form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", () => {
      refresh();
      keep(field.name, field.value.trim());
    });
    tables.forEach((table) => addFilters(table, template, refresh));
    return refresh;
  }

  /* Who arrives at a row, or a place for rows, that is not shown is shown all of them. */
  function reveal(refresh) {
    const place = placeInAddress();
    if (!place?.closest("[hidden]")) return;
    for (const { field } of fields) field.value = "";
    refresh();
    for (const { name } of fields) keep(name);
    place.scrollIntoView();
  }

  /* Sorting: by the column whose head is pressed, and back again. */
  function sort(table, column, down) {
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [orderOf(row.cells[column]), row]);
    keyed.sort(([one], [other]) => {
      if (one === "" || other === "") return (one === "") - (other === ""); /* what is not stated comes last, either way */
      const numbers = typeof one === "number" && typeof other === "number";
      return (numbers ? one - other : collator.compare(one, other)) * (down ? -1 : 1);
    });
    const sorted = keyed.map(([, row]) => row);
    if (sorted.some((row, at) => row !== body.rows[at])) body.append(...sorted); /* what moves loses the keyboard */
    all("thead th", table).forEach((head, i) => {
      if (i === column) head.ariaSort = down ? "descending" : "ascending";
      else head.removeAttribute("aria-sort");
    });
  }

  function sortAsTold(table, given) {
    const [, column, down] = /^(\d+)(\.down)?$/.exec(state.get(`sort.${table.id}`)) ?? [];
    if (all("thead th", table)[column]) sort(table, Number(column), Boolean(down));
    else if (table.querySelector("[aria-sort]")) {
      table.tBodies[0].append(...given);
      all("thead th", table).forEach((head) => head.removeAttribute("aria-sort"));
    }
  }

  function addSort(table) {
    const heads = all("thead tr:only-child > th", table);
    if (heads.length !== table.tBodies[0]?.rows[0]?.cells.length) return;
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.className = "study-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.ariaSort === "ascending";
        sort(table, column, down);
        keep(`sort.${table.id}`, `${column}${down ? ".down" : ""}`);
      });
    });
  }

  /* Saving: the rows that are shown, numbers as programs read them; amounts and days in words in a further column, too. */
  const quoted = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

  function told(cell) {
    const time = cell.querySelector("time");
    return cell.querySelector("data")?.value ?? time?.dataset.span ?? time?.dateTime;
  }
  const asValue = (cell) => told(cell) ?? [valueOf(textOf(cell))].find(Number.isFinite) ?? "";

  function save(table, value) {
    const given = [...table.tBodies[0].rows];
    const head = table.tHead?.rows[0];
    const worded = new Set(given.flatMap((row) => [...row.cells].flatMap((cell, column) => (told(cell) ? [column] : []))));
    const lineOf = (row, more) => [...row.cells].flatMap((cell, column) => {
      const text = valueOf(textOf(cell));
      return worded.has(column) ? [text, more(cell)] : [text];
    }).map(quoted).join(",");
    const lines = given.filter((row) => !row.hidden).map((row) => lineOf(row, asValue));
    if (head) lines.unshift(lineOf(head, (cell) => value.replace("{column}", textOf(cell))));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }));
    link.download = `${table.id}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function addSave(table, template) {
    const button = template.content.querySelector(".study-save").cloneNode(true);
    const frame = table.closest(".pst-scrollable-table-container") ?? table;
    const caption = captionOf(table);
    if (caption) button.ariaLabel = `${button.textContent}: ${caption}`;
    button.addEventListener("click", () => save(table, button.dataset.value));
    frame.after(button);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const template = document.getElementById("study-tools");
    if (!template) return;
    const tables = all("article table.study-wide[id]").filter((table) => table.tBodies[0]?.rows.length > 1);
    const rows = [...tables.flatMap((table) => [...table.tBodies[0].rows]), ...all("article ul.study-statements > li")];
    if (rows.length < LONG) return;
    const refresh = addSearch(rows, tables, template); /* before heads have signs for sorting */
    tables.forEach((table) => {
      addSort(table);
      addSave(table, template);
    });
    const given = new Map(tables.map((table) => [table, [...table.tBodies[0].rows]]));
    function restore() {
      readState();
      fields.forEach(({ read }) => read());
      refresh();
      tables.forEach((table) => sortAsTold(table, given.get(table)));
      reveal(refresh);
    }
    restore();
    window.addEventListener("popstate", restore); /* also when a link has led to a place of the page */
    document.addEventListener("click", ({ target }) => {
      if (target.closest?.("a[href^='#']")?.hash === location.hash) reveal(refresh); /* there already */
    });
  });
})();
