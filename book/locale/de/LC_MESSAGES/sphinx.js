Documentation.addTranslations({
  locale: "de",
  plural_expr: "(n != 1)",
  messages: {
    ", in ": ", in ",
    "Hide Search Matches": "Suchtreffer ausblenden",
    "Preparing search...": "Suche wird vorbereitet …",
    "Search": "Suche",
    "Search Results": "Suchergebnisse",
    "Search finished, found one page matching the search query.": [
      "Die Suche hat eine passende Seite gefunden.",
      "Die Suche hat ${resultCount} passende Seiten gefunden.",
    ],
    "Search finished, found ${resultCount} page(s) matching the search query.":
      "Die Suche hat ${resultCount} passende Seite(n) gefunden.",
    "Searching": "Suche läuft",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you\'ve selected enough categories.":
      "Die Suche hat nichts gefunden. Bitte prüfen Sie, ob alle Wörter richtig geschrieben sind.",
  },
});
