"""A joint project, as a table: who takes part, what they build, what for, and why now."""

from __future__ import annotations

import pandas as pd

from analysis.wording import Wording

# the kinds of items that are listed, in order
KINDS = ("participant", "aim", "component", "duty")


def table(items: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The items by kind, each with what it belongs to; an aim that others belong to is an overall
    one.

    items: item_id, kind (one of `KINDS`), parent_id, label, description.
    """
    names = items.set_index("item_id")[words.column("label")]
    rows = pd.concat([items[items["kind"] == kind] for kind in KINDS])
    steps = items.loc[items["kind"] == "aim", "parent_id"]
    kinds = rows["kind"].mask(rows["item_id"].isin(steps), "aim.overall")
    return pd.DataFrame({
        "kind": [words(f"kind.{kind}") for kind in kinds],
        "label": rows[words.column("label")],
        "text": rows[words.column("description")],
        "part_of": rows["parent_id"].map(names).fillna(""),
    })  # fmt: skip


def caption(items: pd.DataFrame, source: str, words: Wording) -> str:
    """What the table tells of, as far as there is such, and which part of it is ours."""
    kinds = items["kind"].replace("component", "aim")
    listed = [words(f"caption.{kind}") for kind in KINDS if kind in set(kinds)]
    told = words("caption", listed=words.listing(listed), source=source)
    has_parts = items["parent_id"].notna().any()
    return f"{told} {words('caption.grouped')}" if has_parts else told


def headline(items: pd.DataFrame, words: Wording) -> str:
    """Of how many components what is built is to consist."""
    return words.count("headline", int((items["kind"] == "component").sum()))
