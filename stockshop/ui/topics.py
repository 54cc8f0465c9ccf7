"""How things are done: the topics of the help, and the ten commonest jobs of the tour and the README.

Keys stand in the texts by the names of KEYS, so that a key that was changed is told as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stockshop.language import mark, tr
from stockshop.ui.key_names import key_name

KEYS: Mapping[str, tuple[str, str]] = {
    "counter": ("app.counter", "f2"),
    "products": ("app.products", "f3"),
    "bins": ("app.bins", "f4"),
    "low": ("app.low", "f5"),
    "labels": ("app.labels", "f6"),
    "count": ("app.count-sheets", "f7"),
    "find": ("app.palette", "ctrl+p"),
    "help": ("app.help", "f1"),
    "receive": ("counter.receive", "alt+r"),
    "sell": ("counter.sell", "alt+s"),
    "move": ("counter.move", "alt+m"),
    "adjust": ("counter.adjust", "alt+a"),
    "count_one": ("counter.count", "alt+c"),
    "look_up": ("counter.look", "alt+l"),
    "undo": ("counter.undo", "ctrl+z"),
    "why": ("products.why", "ctrl+y"),
    "label": ("products.label", "ctrl+l"),
    "write": ("labels.write", "ctrl+s"),
    "write_sheets": ("sheets.write", "ctrl+s"),
    "tour": ("app.tour", "alt+t"),
}
"""The binding behind each name, and its key while nobody has wished for another."""


class Topic(NamedTuple):
    """A question that people ask, and its answer; both looked up where they are shown."""

    id: str
    title: str
    text: str


JOBS = (
    Topic("price", mark("Find a price"),
          mark("{counter}, then scan; or type part of the name and press Enter.")),
    Topic("receive", mark("Receive a case"),
          mark("{receive}, then scan the case: a case barcode counts its pieces.")),
    Topic("sell", mark("Sell three"),
          mark("{sell}, type 3*, then scan; each scan is sold at once.")),
    Topic("move", mark("Move something to another bin"),
          mark("{move}, scan the product, then the bin it goes to.")),
    Topic("adjust", mark("Correct a quantity"),
          mark("{adjust}, scan, say how many more or fewer and why; or {count_one} and count that bin.")),
    Topic("why", mark("See why the number is what it is"),
          mark("{products}, find it, {why}: every movement with the balance after it.")),
    Topic("label", mark("Print one label"),
          mark("{products}, find it, {label}, {write}.")),
    Topic("zone-labels", mark("Print a zone's labels"),
          mark("{labels}, choose the zone, {write}.")),
    Topic("count-sheet", mark("Print a count sheet"),
          mark("{count}, choose the zones with space, {write_sheets}.")),
    Topic("undo", mark("Undo"),
          mark("{undo} takes back the last scan by a counter-entry, and again the one before it.")),
)  # fmt: skip
"""The ten commonest jobs, as the README, the help and the tour tell them."""

TOPICS = (
    Topic("modes", mark("What the modes mean"),
          mark("Look up shows a product or a bin and changes nothing. Receive brings each scan into "
               "stock, Sell sells it at once, Move takes it to another bin, Adjust corrects a quantity "
               "with a reason, Count one compares the shelf with the book. The mode stays until another "
               "is chosen; Esc goes back.")),
    Topic("scanning", mark("Scanning"),
          mark("A scan works wherever the cursor is; the field it landed in gets its text back. 12* "
               "typed before a scan means twelve of it; 1,5* one and a half. A case barcode adds the "
               "whole case. A bin scanned while looking up shows what lies in it; else it says where "
               "from or to. A code nobody knows is kept: put it on a product, make a product of it, or "
               "dismiss it with a reason.")),
    Topic("names", mark("Typing instead of scanning"),
          mark("Codes, SKUs and bins can be typed, with Enter. A name or a part of one lists what is "
               "called so. {find} finds every product, bin and command from everywhere.")),
    Topic("counting", mark("Counting"),
          mark("A count posts the difference against the book at the instant you looked, so selling "
               "meanwhile changes nothing. An empty field is never zero. A blind count hides the book, "
               "on paper too. A product whose stock moved while it was counted is flagged: count it "
               "again, or accept.")),
    Topic("units", mark("Units and quantities"),
          mark("Things sold by the piece are counted whole; what is sold by weight, length or volume has"
               " decimals, with the comma or dot of your shop. Pack barcodes say how many pieces they "
               "stand for.")),
    Topic("low", mark("What to order"),
          mark("{low} lists what is at or below its reorder point, with what is on hand, promised and on"
               " order, and how many to order in whole packs of the supplier.")),
    Topic("undoing", mark("Nothing is ever lost"),
          mark("An entry is never changed or deleted: undoing writes a counter-entry, and both stay in "
               "the ledger with who did it and when.")),
    Topic("keys", mark("Other keys"),
          mark("Every key can be changed in the settings file of this computer, under [keys], by the id "
               "that this help shows when you type a part of it. Where the terminal keeps a function key"
               " for itself, Alt with its number does the same.")),
)  # fmt: skip


def keys_for(wishes: Mapping[str, str]) -> dict[str, str]:
    """The key behind each name of KEYS, as it stands on the keyboard; `wishes` are the station's, by id."""
    return {
        name: key_name(wishes.get(binding, usual).partition(",")[0])
        for name, (binding, usual) in KEYS.items()
    }


def said(topic: Topic, wishes: Mapping[str, str]) -> str:
    """The answer in the language that is spoken, with the keys of this computer."""
    return tr(topic.text, **keys_for(wishes))
