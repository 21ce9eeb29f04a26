"""Settings: read from the environment and .env, wrong values refused by name."""

import re
from pathlib import Path
from runpy import run_path

import pytest
from huggingface_hub import constants

from bot.settings import Settings, read_settings
from core.errors import BadSetting
from core.limits import Limits
from core.types import Mode

CACHES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_nothing_needs_to_be_set() -> None:
    """Without any setting, everything lies in ./data, nothing listens to the network, and core's limits apply."""
    settings = read_settings()
    assert settings.database == f"sqlite+aiosqlite:///{Path.cwd()}/data/jarvis.db"
    assert settings.blobs == f"{Path.cwd()}/data/blobs"
    assert settings.web_host == "127.0.0.1"
    assert settings.limits == Limits()


def test_the_environment_wins_over_the_file(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value in .env counts unless the environment, or the command line above it, has another."""
    (installation / ".env").write_text("WEB_PORT=1111\nMODE=local\nLOG_LEVEL=\n")
    monkeypatch.setenv("WEB_PORT", "2222")
    assert read_settings().web_port == 2222
    assert read_settings(web_port=3333, web_host=None).web_port == 3333
    assert read_settings().mode is Mode.LOCAL
    assert read_settings().log_level == "info"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WEB_PORT", "abc", "WEB_PORT must be a port from 1 to 65535, not 'abc'."),
        ("WEB_PORT", "70000", "WEB_PORT must be a port from 1 to 65535, not '70000'."),
        ("MODE", "fast", "MODE must be local, remote (also called huggingface) or hybrid, not 'fast'."),
        ("CPU_WORKERS", "0", "CPU_WORKERS must be a whole number above 0, not '0'."),
        ("LOG_JSON", "perhaps", "LOG_JSON must be true or false, not 'perhaps'."),
        ("HF_ENDPOINT", "hub", "HF_ENDPOINT must be an address starting with http:// or https://, not 'hub'."),
        ("DATABASE_URL", "mysql://me:pw@host", "DATABASE_URL must be an address starting with sqlite:/// or postgresql://."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is one sentence with the variable, what it takes, and the value where that cannot be a secret."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as raised:
        read_settings()
    assert raised.value.message == sentence


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to fix one variable to learn about the next."""
    monkeypatch.setenv("WEB_PORT", "x")
    monkeypatch.setenv("LIMIT_PAGES", "-1")
    with pytest.raises(BadSetting, match=r"WEB_PORT .* LIMIT_PAGES"):
        read_settings()


def test_a_list_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much of it is wrong, and without the form in which it is kept."""
    monkeypatch.setenv("OPENAI_PRICES", "gpt")
    monkeypatch.setenv("DEVICES", "gpu,tpu")
    with pytest.raises(BadSetting) as raised:
        read_settings()
    assert (raised.value.message.count("OPENAI_PRICES"), raised.value.message.count("DEVICES")) == (1, 1)
    assert raised.value.message.endswith("such as gpt-4o-mini=0.15/0.60, not 'gpt'.")
    assert "not 'gpu'. " in raised.value.message


def test_an_unreadable_file_is_a_sentence(installation: Path) -> None:
    """A .env that is no text is refused in words."""
    (installation / ".env").write_bytes(b"MODE=\xff\xfe")
    with pytest.raises(BadSetting, match=r"\.env cannot be read"):
        read_settings()


def test_words_are_forgiving() -> None:
    """The original's word for remote works, and so do capitals and lists with spaces."""
    assert read_settings(mode="HuggingFace").mode is Mode.REMOTE
    assert read_settings(web_allowed_hosts="a.org, b.org,").web_allowed_hosts == ("a.org", "b.org")


def test_a_tilde_is_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written as in a shell means the same folder, and no folder called ~; an unknown home is told."""
    monkeypatch.setenv("HOME", "/home/ada")
    assert read_settings(data_dir="~/jarvis").blobs == "/home/ada/jarvis/blobs"
    with pytest.raises(BadSetting, match="DATA_DIR must be a folder, not '~nobody-here/x'"):
        read_settings(data_dir="~nobody-here/x")


@pytest.mark.parametrize("names", [CACHES[first:] for first in range(len(CACHES) + 1)])
def test_weights_lie_where_the_library_looks(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    """Whichever of its variables are set, with a home or another variable in them."""
    monkeypatch.setenv("HOME", "/home/ada")
    for name in CACHES:
        monkeypatch.delenv(name, raising=False)
    for name in names:
        monkeypatch.setenv(name, f"~/$HOME/{name}")
    assert read_settings().model_cache == Path(run_path(constants.__file__)["HF_HUB_CACHE"])


def test_secrets_are_known_and_never_shown() -> None:
    """A token or a database password appears in the list of secrets and in no picture of the settings."""
    settings = read_settings(hf_token="hf_abcdefgh", database_url="postgresql://u:pa55word@h/d")
    assert settings.secrets() == ("hf_abcdefgh", "pa55word")
    assert "hf_abcdefgh" not in repr(settings) + str(settings)


def test_the_example_documents_every_setting() -> None:
    """.env.example names exactly the settings there are."""
    assert set(re.findall(r"^#([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }


def test_the_example_shows_the_defaults(installation: Path) -> None:
    """Where .env.example shows a default, it is the real one: switching every plain line on changes nothing."""
    own = {"database_url", "blobs_url", "web_allowed_hosts", "log_json", "models_deny", "licences_deny"}  # examples
    own |= {"discord_api_base", "discord_gateway", "discord_cdn", "discord_shard_ids", "public_url"}
    own |= {"slack_bot_token", "slack_app_token", "slack_url", "slack_api_base", "slack_files"}
    own |= {"slack_admins"}
    own |= {"devices", "device_memory_gb", "model_disk_gb"}
    own |= {"hf_hub_cache", "huggingface_hub_cache", "hf_home", "xdg_cache_home"}
    own |= {"hf_token", "hf_endpoint", "hf_router_url", "hf_providers", "model_servers", "model_server_keys"}
    own |= {"openai_api_key", "openai_base_url", "openai_model", "openai_prices"}
    plain, _, _ = EXAMPLE.read_text().partition("reserved")
    defaults = read_settings()
    (installation / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", plain, flags=re.MULTILINE))
    assert read_settings().model_dump(exclude=own) == defaults.model_dump(exclude=own)
    assert read_settings().web_allowed_hosts
