"""The digest of a package's source."""

from pathlib import Path

import pytest

from core.source import digest_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a file in a folder of its own."""
    folder = tmp_path / "digested_package"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "inner" / "words.toml").write_text("word = 1")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_every_change_of_the_source_is_another_digest(package: Path) -> None:
    """Changed, moved and new files count; what Python leaves lying about does not."""
    seen = {digest_of("digested_package")}
    (package / "inner" / "words.pyc").write_bytes(b"compiled")
    assert digest_of("digested_package") in seen
    for change in (
        lambda: (package / "inner" / "words.toml").write_text("word = 2"),
        lambda: (package / "inner" / "words.toml").rename(package / "words.toml"),
        lambda: (package / "new.py").write_text(""),
    ):
        change()
        assert digest_of("digested_package") not in seen
        seen.add(digest_of("digested_package"))
