"""Model servers are named in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import preference_rule
from bot.executors import Executors
from bot.servers import servers_of
from bot.settings import read_settings
from core.errors import BadInput, BadSetting
from core.registry import Registry
from core.remote.servers import TEI, Server
from core.types import Place


def test_a_line_of_words_is_a_server() -> None:
    """Name, address, what it is, what it does, and the key that belongs to it."""
    told = "studio=http://127.0.0.1:1234/v1/ own, texts=http://tei:80 tei"
    rented = "v.1=https://v.example/v1 text-to-speech=k voice=af"
    settings = read_settings(model_servers=f"{told}, {rented}", model_server_keys="v.1 = sk-1=2, studio=lm")
    assert servers_of(settings) == (
        Server(name="studio", url="http://127.0.0.1:1234/v1", own=True, key="lm"),
        Server(name="texts", url="http://tei:80", protocol=TEI),
        Server(name="v.1", url="https://v.example/v1", does=(("text-to-speech", "k"),), voice="af", key="sk-1=2"),
    )
    assert {"sk-1=2", "lm"} <= set(settings.secrets())
    assert "sk-1" not in repr(settings) + repr(servers_of(settings))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"model_servers": "http://127.0.0.1:1234/v1"}, "MODEL_SERVERS must be servers"),
        ({"model_servers": "a=ftp://b"}, "MODEL_SERVERS must be servers"),
        ({"model_servers": "a=http://b mine"}, "not 'mine'"),
        ({"model_servers": "a=http://b voice="}, "not 'voice'"),
        ({"model_servers": "a=http://b, a=http://c"}, "a name of its own"),
        ({"model_server_keys": "a=sk-1"}, "MODEL_SERVER_KEYS has a key for a"),
    ],
)
def test_what_is_no_server_is_a_sentence(told: dict[str, str], why: str) -> None:
    """It names the variable and the word."""
    with pytest.raises(BadSetting, match=why):
        servers_of(read_settings(**told))


def test_a_server_alone_makes_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the settings say of it is offered before anybody was asked; the Hub's models are not."""
    monkeypatch.delenv("HF_TOKEN", raising=False)
    settings = read_settings(data_dir=tmp_path, model_servers="a=http://b/v1 conversational=c own")
    offers = [one for one in Executors(settings, Registry.discover()).offers() if one.place is not Place.EMBEDDED]
    assert [(one.type, one.model.id, one.place) for one in offers] == [("conversational", "a/c", Place.LOCAL)]


def test_admins_may_prefer_what_a_server_serves(tmp_path: Path) -> None:
    """Though no catalogue holds it; of models that nobody knows they hear so."""
    registry = Registry.discover()
    Executors(read_settings(data_dir=tmp_path, model_servers="a=http://b/v1"), registry)
    assert preference_rule(registry, "conversational=a/c").value == "a/c"
    with pytest.raises(BadInput, match="no model"):
        preference_rule(registry, "conversational=b/c")
