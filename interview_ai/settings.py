"""Every setting, read once from INTERVIEW_* and typed; a bad one stops the start with a sentence that mends it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from interview_ai.errors import Misconfigured


class Settings(BaseSettings):
    """The settings of one installation. What is left empty is derived from `home`, the embedded mode's folder."""

    model_config = SettingsConfigDict(env_prefix="INTERVIEW_", extra="ignore")

    home: Path = Path(".onterview")
    """Where the embedded mode keeps database, recordings, doorbells, weights and its secret."""
    database_url: str = ""
    """SQLAlchemy URL: `sqlite:///…` or `postgresql+psycopg://…`."""
    broker_url: str = ""
    """Celery broker: `filesystem://`, `redis://…` or `amqp://…`."""
    storage_url: str = ""
    """`file:///…` or `s3://bucket/prefix`."""
    models_dir: Path | None = None
    """Folder of the weights that `interview-ai models pull` fetched."""
    models_url: str = ""
    """A mirror of the weights, folder or http; empty: the official places."""
    speech_engine: Literal["auto", "whisper", "faster-whisper", "pocketsphinx"] = "auto"
    """Which recogniser; `auto` takes the best installed for language and device."""
    speech_model: Literal["small", "medium", "large-v3-turbo"] = "small"
    """Which size of Whisper."""
    rater_url: str = ""
    """An OpenAI-compatible server that gives second opinions, up to and without /chat/completions; empty: off."""
    rater_model: str = Field(default="", validate_default=True)
    """The name of the model on that server."""
    rater_key: SecretStr = SecretStr("")
    """The key of that server; empty where it asks for none."""
    batch: int = Field(default=1, ge=1, le=64)
    """How many answers one worker hears together: 8 or more on a GPU; on a CPU it saves a tenth and everybody waits."""
    smtp_url: str = ""
    """`smtp://user:password@host:25` or `smtps://…`; empty: mails stay in the outbox."""
    mail_from: str = "Onterview <no-reply@localhost>"
    """Sender of every mail."""
    sms_url: str = ""
    """An HTTP gateway for text messages and 알림톡, asked with POST; empty: everything goes by mail."""
    sms_key: SecretStr = SecretStr("")
    """The bearer key of that gateway."""
    bounces_dir: Path | None = None
    """A Maildir into which the mail server puts bounces and complaints; empty: `interview-ai bounces` reads them."""
    secret_file: Path | None = None
    """File with at least 32 random bytes; the embedded mode makes its own (0600)."""
    public_url: str = "http://localhost:8000"
    """The address that links in mails and on receipts begin with."""
    workers: int = 0
    """Solo workers that `serve` supervises; 0: one per core, at most 2."""
    web_processes: int = 0
    """Processes of the web server that `serve` supervises; 0: one per core, at most 2."""
    worker_name: str = ""
    """What a worker's leases are kept under, given by the supervisor; empty: machine and process number."""
    upload_limit_mb: int = 500
    """The most one answer may hold, in megabytes."""
    government_masthead: bool = False
    """Whether the official-government masthead of KRDS is shown; only a public body may."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is logged, as JSON lines to standard error."""

    @field_validator("home", "models_dir", "secret_file", "bounces_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, value: str) -> str:
        if value and not value.startswith(("filesystem://", "redis://", "rediss://", "amqp://", "amqps://")):
            raise ValueError("must begin with filesystem://, redis:// or amqp://")
        return value

    @field_validator("storage_url")
    @classmethod
    def _known_storage(cls, value: str) -> str:
        if value and not value.startswith(("file:///", "s3://")):
            raise ValueError("must begin with file:/// or s3://")
        return value

    @field_validator("rater_url")
    @classmethod
    def _known_rater(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#@\s]*)?", value):
            raise ValueError("must be an http or https address without a password, such as http://localhost:11434/v1")
        return value

    @field_validator("sms_url")
    @classmethod
    def _known_gateway(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#@\s]*)?", value):
            raise ValueError(
                "must be an http or https address without a password, such as https://sms.example.org/send"
            )
        return value

    @field_validator("rater_model")
    @classmethod
    def _named_model(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("rater_url") and not value:
            raise ValueError("must name the model that INTERVIEW_RATER_URL is asked for")
        return value

    @property
    def database(self) -> str:
        """The database's URL, by default SQLite under `home`."""
        return self.database_url or f"sqlite:///{self.home / 'onterview.sqlite3'}"

    @property
    def broker(self) -> str:
        """The broker's URL, by default the file system under `home`."""
        return self.broker_url or "filesystem://localhost/"

    @property
    def storage(self) -> str:
        """The storage's URL, by default a folder under `home`."""
        return self.storage_url or f"file://{self.home / 'recordings'}"

    @property
    def models(self) -> Path:
        """The folder of weights."""
        return self.models_dir or self.home / "models"

    @property
    def secret_path(self) -> Path:
        """The file of the installation's secret."""
        return self.secret_file or self.home / "secret"


@cache
def settings() -> Settings:
    """The settings of this process. Raises Misconfigured with the name of the variable and what it must be."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "INTERVIEW_" + "_".join(str(part) for part in first["loc"]).upper()
        message = first["msg"].removeprefix("Value error, ")
        raise Misconfigured(f"{name}: {message}.", f"{name} 설정을 고쳐 주세요: {message}.") from error
