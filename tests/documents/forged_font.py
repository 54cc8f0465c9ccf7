"""A font that has only the characters a test wants: the shipped font under another character map."""

from __future__ import annotations

import struct
from pathlib import Path

from stockshop.resources import asset


def forge(path: Path, first: int, last: int) -> Path:
    """Write a TrueType font whose characters `first` to `last` look like letters of DejaVu Sans."""
    data = asset("fonts", "DejaVuSans.ttf").read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {}
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, at)
        tables[tag] = data[offset : offset + length]
    groups = struct.pack(">LLL", 32, 126, 3) + struct.pack(">LLL", first, last, 36)
    subtable = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, 2) + groups
    tables[b"cmap"] = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + subtable
    head, body = data[:4] + struct.pack(">HHHH", len(tables), 0, 0, 0), b""
    start = 12 + 16 * len(tables)
    for tag, content in sorted(tables.items()):
        head += struct.pack(">4sLLL", tag, 0, start + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    path.write_bytes(head + body)
    return path
