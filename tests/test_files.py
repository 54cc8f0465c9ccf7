"""Files that are complete, or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from stockshop.errors import NotWritten
from stockshop.files import replacing


def write(path: Path, content: bytes = b"new") -> None:
    with replacing(path) as stream:
        stream.write(content)


def test_a_file_takes_the_place_of_the_old_one_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path, b"old")
    write(path)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_file_leaves_the_old_one_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path, b"old")
    with pytest.raises(KeyError), replacing(path) as stream:
        stream.write(b"half")
        raise KeyError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path, why in ((tmp_path / "no" / "out.csv", "no folder"), (tmp_path / "folder", "not a file")):
        with pytest.raises(NotWritten, match=why):
            write(path)
    assert [found.name for found in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("number", "why"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "Read-only"), (errno.EACCES, "may not be written")],
)
def test_a_disk_that_refuses_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "Read-only file system")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(NotWritten, match=why):
        write(tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []
