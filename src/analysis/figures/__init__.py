"""One module per figure: tidy frame in, matplotlib Figure out; no file is read or written here."""
