"""Everything that can be set, from the environment or a ``.env`` file: the only reader of either.

Built once by the command line and passed down. ``.env.example`` documents every name.
"""

from __future__ import annotations

from os.path import expandvars
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.bylaws import Charter
from core.errors import BadSetting
from core.limits import Limits
from core.stages.policy import Policy
from core.types import Mode, Safety

DEFAULTS = Limits()
USUAL = Charter()

# Each description completes the sentence "NAME must be ...".
Days = Annotated[int, Field(ge=0, description="a whole number of days, or 0 for never")]
Quota = Annotated[int, Field(ge=0, description="a whole number, or 0 for no limit")]
Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False, description="a number of US dollars, or 0 for no limit")]
Count = Annotated[int, Field(gt=0, description="a whole number above 0")]
Sockets = Annotated[int, Field(ge=1, le=10, description="a whole number from 1 to 10")]
Flag = Annotated[bool, Field(description="true or false")]
HttpUrl = Annotated[str, Field(pattern="^https?://.", description="an address starting with http:// or https://")]
SocketUrl = Annotated[str, Field(pattern="^wss?://.", description="an address starting with ws:// or wss://")]
DatabaseUrl = Annotated[
    str,
    Field(
        pattern=r"^(sqlite|postgres|postgresql)(\+\w+)?://",
        description="an address starting with sqlite:/// or postgresql://",
    ),
]
ModeName = Annotated[Mode, Field(description="local, remote (also called huggingface) or hybrid")]
Port = Annotated[int, Field(ge=1, le=65535, description="a port from 1 to 65535")]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], Field(description="debug, info, warning or error")]
Numbers = Annotated[tuple[int, ...], NoDecode, Field(description="whole numbers from 0 on with commas between them")]
Gigabytes = Annotated[float, Field(gt=0, description="a number of gigabytes above 0")]
DeviceNames = Annotated[
    tuple[Annotated[str, Field(pattern=r"^(auto|none|cpu|mps|cuda:\d+)$")], ...],
    NoDecode,
    Field(min_length=1, description="auto, none, or devices with commas between them, such as cuda:0,cuda:1 or cpu"),
]
Names = Annotated[tuple[str, ...], NoDecode, Field(description="names with commas between them")]
ContextTokens = Annotated[int, Field(ge=2048, description="a whole number from 2048 on")]
Prices = Annotated[
    tuple[tuple[str, float, float], ...],
    NoDecode,
    Field(description="models with their prices for a million tokens in and out, such as gpt-4o-mini=0.15/0.60"),
]
ServerLines = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[\w.-]+=https?://\S+(\s+\S+)*$")], ...],
    NoDecode,
    Field(description="servers with commas between them, such as studio=http://127.0.0.1:1234/v1 own"),
]


def _at_home(folder: Path) -> Path:
    """Return a folder with the home that ``~`` stands for. Raises ValueError where nobody knows it."""
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def _filled(folder: Path) -> Path:
    """Return a folder with what ``$NAME`` stands for in it, as Hugging Face's libraries read it."""
    return Path(expandvars(folder))


Folder = Annotated[Path, AfterValidator(_at_home), Field(description="a folder")]
CacheFolder = Annotated[Folder, AfterValidator(_filled)]
"""A folder that Hugging Face's libraries know, too."""


class Settings(BaseSettings):
    """One installation's settings. An empty text means that nothing was set."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
    )

    data_dir: Folder = Path("data")
    database_url: DatabaseUrl = ""
    blobs_url: str = ""
    mode: ModeName = Mode.HYBRID
    executor: Annotated[Literal["process"], Field(description="process")] = "process"
    cpu_workers: Count = 2
    devices: DeviceNames = ("auto",)
    device_cpus: Count = 1
    device_memory_gb: Gigabytes | None = None
    model_disk_gb: Gigabytes | None = None
    model_allow_pickle: Flag = False
    requests_at_once: Count = 16
    backlog: Count = 1000
    lease_seconds: Count = 10

    catalogue_days: Days = 7
    models_deny: Names = ()
    licences_deny: Names = ()

    web_host: str = "127.0.0.1"
    web_port: Port = 7860
    web_allowed_hosts: Names = ()
    public_url: HttpUrl = ""
    fetch_allow_private: Flag = False

    log_level: LogLevel = "info"
    log_json: Annotated[bool | None, Field(description="true or false")] = None

    limit_file_mb: Count = DEFAULTS.file_bytes // 2**20
    limit_text_chars: Count = DEFAULTS.text_chars
    limit_attachments: Count = DEFAULTS.attachments
    limit_pixels: Count = DEFAULTS.pixels
    limit_media_seconds: Count = int(DEFAULTS.media_seconds)
    limit_pages: Count = DEFAULTS.pages
    limit_request_seconds: Count = int(DEFAULTS.request_seconds)

    limit_requests_per_person: Quota = 0
    limit_requests_per_channel: Quota = 0
    limit_seconds_per_person: Quota = 0
    limit_dollars_per_person: Dollars = 0.0
    approve_seconds: Quota = USUAL.approve_seconds
    approve_dollars: Dollars = USUAL.approve_dollars
    safety: Annotated[Safety | None, Field(description="strict, blur or off")] = None
    retention_days: Days = 0

    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: HttpUrl = ""
    openai_model: str = ""
    openai_plan_api_key: SecretStr = SecretStr("")
    openai_plan_base_url: HttpUrl = ""
    openai_plan_model: str = ""
    openai_respond_api_key: SecretStr = SecretStr("")
    openai_respond_base_url: HttpUrl = ""
    openai_respond_model: str = ""
    openai_select_api_key: SecretStr = SecretStr("")
    openai_select_base_url: HttpUrl = ""
    openai_select_model: str = ""
    openai_fallback_api_key: SecretStr = SecretStr("")
    openai_fallback_base_url: HttpUrl = ""
    openai_fallback_model: str = ""
    openai_context_tokens: ContextTokens = 16_384
    openai_first_seconds: Count = 60
    openai_pause_seconds: Count = 30
    openai_candidates: Count = 5
    openai_candidate_chars: Count = 100
    openai_prices: Prices = ()

    hf_hub_cache: CacheFolder | None = None
    huggingface_hub_cache: CacheFolder | None = None
    hf_home: CacheFolder | None = None
    xdg_cache_home: CacheFolder | None = None
    hf_hub_offline: Flag = False
    hf_token: SecretStr = SecretStr("")
    hf_endpoint: HttpUrl = ""
    hf_router_url: HttpUrl = ""
    hf_providers: Names = ()
    remote_jobs: Count = 8
    model_servers: ServerLines = ()
    model_server_keys: SecretStr = SecretStr("")
    keep_media_local: Flag = False
    discord_token: SecretStr = SecretStr("")
    discord_api_base: HttpUrl = ""
    discord_gateway: SocketUrl = ""
    discord_cdn: HttpUrl = ""
    discord_shards: Annotated[int | None, Field(gt=0, description="a whole number above 0")] = None
    discord_shard_ids: Numbers = ()
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    slack_url: HttpUrl = ""
    slack_host: str = "127.0.0.1"
    slack_port: Port = 3000
    slack_sockets: Sockets = 2
    slack_admins: Names = ()
    slack_api_base: HttpUrl = ""
    slack_files: HttpUrl = ""

    @field_validator("mode", "log_level", "safety", mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        word = value.strip().lower() if isinstance(value, str) else value
        return Mode.REMOTE if word == "huggingface" else word

    @field_validator(
        "devices",
        "web_allowed_hosts",
        "models_deny",
        "licences_deny",
        "hf_providers",
        "model_servers",
        "discord_shard_ids",
        "slack_admins",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("openai_prices", mode="before")
    @classmethod
    def _prices(cls, value: Any) -> Any:
        """Read "model=in/out, ..."; model names may hold any of these signs but the comma."""
        if not isinstance(value, str):
            return value
        parts = [part.strip().rpartition("=") for part in value.split(",") if part.strip()]
        return [(model, *prices.split("/")) for model, _, prices in parts]

    @property
    def database(self) -> str:
        """Address of the database: a file in the data folder unless another is set."""
        from storage.engine import sqlite_url

        return self.database_url or sqlite_url(self.data_dir)

    @property
    def blobs(self) -> str:
        """Where media lie: a folder in the data folder unless another place is set."""
        return self.blobs_url or str(self.data_dir.absolute() / "blobs")

    @property
    def model_cache(self) -> Path:
        """Where weights lie: the cache that all Hugging Face libraries of this machine share, by their own rule."""
        caches = self.xdg_cache_home or _at_home(Path("~/.cache"))
        home = self.hf_home or caches / "huggingface"
        return (self.hf_hub_cache or self.huggingface_hub_cache or home / "hub").absolute()

    @property
    def server_keys(self) -> dict[str, str]:
        """The keys of model servers, by the servers' names."""
        pairs = (part.strip().partition("=") for part in self.model_server_keys.get_secret_value().split(","))
        return {name.strip(): key.strip() for name, sign, key in pairs if sign}

    @property
    def policy(self) -> Policy:
        """What must not be used here."""
        licences = frozenset(licence.lower() for licence in self.licences_deny)
        return Policy(
            models=frozenset(self.models_deny),
            licences=licences,
            pickles=self.model_allow_pickle,
            keep_media=self.keep_media_local,
        )

    @property
    def limits(self) -> Limits:
        """The bounds that apply here."""
        return Limits(
            file_bytes=self.limit_file_mb * 2**20,
            text_chars=self.limit_text_chars,
            attachments=self.limit_attachments,
            pixels=self.limit_pixels,
            media_seconds=float(self.limit_media_seconds),
            pages=self.limit_pages,
            request_seconds=float(self.limit_request_seconds),
        )

    @property
    def charter(self) -> Charter:
        """What holds where no admin decided otherwise."""
        return Charter(
            requests_per_person=self.limit_requests_per_person,
            requests_per_channel=self.limit_requests_per_channel,
            seconds_per_person=self.limit_seconds_per_person,
            dollars_per_person=self.limit_dollars_per_person,
            approve_seconds=self.approve_seconds,
            approve_dollars=self.approve_dollars,
            safety=self.safety,
            retention_days=self.retention_days,
        )

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, so that logs can leave them out."""
        values = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        values += self.server_keys.values()
        return tuple(value for value in (*values, urlsplit(self.database_url).password) if value)


def read_settings(**changes: Any) -> Settings:
    """Return the settings of this place; ``changes``, by field name, win over them where they are not None.

    Raises BadSetting naming each wrong variable and what it takes.
    """
    try:
        return Settings(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:
        wrong = {detail["loc"][0]: detail for detail in reversed(error.errors())}  # one a variable, the first there is
        raise BadSetting(" ".join(map(_sentence, reversed(wrong.values())))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"The settings in .env cannot be read: {error}.") from None


def _sentence(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0]).lower()
    allowed = Settings.model_fields[name].description
    # A database's address may hold a password; no other plain setting is private.
    shown = "" if name == "database_url" else f", not {str(detail['input'])[:80]!r}"
    return f"{name.upper()} must be {allowed}{shown}."
