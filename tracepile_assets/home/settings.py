"""The settings of a home, in `tracepile.toml`: every key, its default, and which tables it decides.

Not here: what sources there are (registry), and what a mixture is (its SQL file).
"""

import hashlib
import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from .errors import HomeError
from .whole import write_whole


def _decides(*tables: str) -> dict[str, list[str]]:
    """Mark a key as entering the fingerprints of these tables; without it a key changes no row."""
    return {"fingerprint": list(tables)}


_RUNS = _decides("code_variants", "execution_traces", "tracing_questions", "chains_of_execution")

_ASKED = {"fingerprint": ["of each table that a model helps to make"]}
"""Marks a key of [models] that enters the fingerprints of the tables whose settings turn a model on."""


class Section(BaseModel):
    """A table of the settings file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Compute(Section):
    """Where and how much is computed. Changes no row."""

    workers: int = Field(default_factory=lambda: len(os.sched_getaffinity(0)), ge=1, le=256)
    isolation: Literal["bubblewrap", "landlock", "process"] = "bubblewrap"


class Limits(Section):
    """Limits of one run."""

    events: int = Field(500_000, ge=1, json_schema_extra=_RUNS)
    wall_seconds: float = Field(60.0, gt=0, json_schema_extra=_RUNS)
    cpu_seconds: int = Field(50, ge=1, json_schema_extra=_RUNS)
    memory_mb: int = Field(1024, ge=64, json_schema_extra=_RUNS)
    output_bytes: int = Field(1_000_000, ge=1, json_schema_extra=_RUNS)
    value_chars: int = Field(20_000, ge=100, json_schema_extra=_RUNS)


class Recording(Section):
    """What records a run; `auto`: the recorder in C if it was built."""

    recorder: Literal["auto", "c", "python"] = Field("auto", json_schema_extra=_RUNS)


class Rewriting(Section):
    """Variants of a program."""

    variants_per_program: int = Field(4, ge=0, json_schema_extra=_decides("code_variants"))
    by_model: int = Field(0, ge=0, le=20, json_schema_extra=_decides("code_variants"))
    fresh_inputs: int = Field(20, ge=0, le=200, json_schema_extra=_decides("code_variants"))
    seed: int = Field(0, json_schema_extra=_decides("code_variants"))


class Inputs(Section):
    """Inputs of the programs of files, beyond what each source says (`max_inputs`)."""

    by_model: int = Field(0, ge=0, le=40, json_schema_extra=_decides("raw_programs"))


class Questions(Section):
    """Questions about a trace."""

    per_kind: int = Field(1, ge=1, json_schema_extra=_decides("tracing_questions"))
    per_trace: int = Field(8, ge=1, json_schema_extra=_decides("tracing_questions"))
    what_ifs: float = Field(0.2, ge=0, le=1, json_schema_extra=_decides("tracing_questions"))
    seed: int = Field(0, json_schema_extra=_decides("tracing_questions"))


class Narration(Section):
    """Chains of execution."""

    narrator: Literal["deterministic", "vllm", "polish"] = Field(
        "deterministic", json_schema_extra=_decides("chains_of_execution")
    )
    token_budget: int = Field(2048, ge=64, json_schema_extra=_decides("chains_of_execution"))
    styles: list[Literal["narrative", "phases", "scratchpad", "inline", "cwm"]] = Field(
        ["narrative", "phases"], min_length=1, json_schema_extra=_decides("chains_of_execution")
    )
    tellings: int = Field(1, ge=1, le=5, json_schema_extra=_decides("chains_of_execution"))
    notations: list[Literal["scratchpad", "inline", "cwm"]] = Field(
        ["scratchpad", "inline", "cwm"], json_schema_extra=_decides("chains_of_execution")
    )
    tokenizer: str = Field("", json_schema_extra=_decides("chains_of_execution"))
    seed: int = Field(0, json_schema_extra=_decides("chains_of_execution"))

    @field_validator("tokenizer")
    @classmethod
    def _is_a_tokenizer(cls, value: str) -> str:
        """Whether it can count, before anything is told."""
        if not value:
            return value
        # Costs more to import than most commands take.
        from tokenizers import Tokenizer

        path = Path(value).expanduser()
        if not path.is_absolute():
            raise ValueError(f"{value!r} is no absolute path of a tokenizer.json")
        try:
            Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing more exact
            raise ValueError(f"{path} cannot be read as a tokenizer.json ({error})") from None
        return str(path)


class Twins(Section):
    """Corrupted twins of chains of execution."""

    share: float = Field(0.1, ge=0, le=1, json_schema_extra=_decides("corrupted_twins"))
    seed: int = Field(0, json_schema_extra=_decides("corrupted_twins"))


class Models(Section):
    """The language model. None is needed: only what asks one (synthesis, inputs, rewriter, narrator) reads them."""

    backend: Literal["served", "vllm"] = "served"
    engine: dict[str, Any] = Field(default_factory=dict)
    endpoint: str = "http://127.0.0.1:8000/v1"
    name: str = Field("", json_schema_extra=_ASKED)
    revision: str = Field("", json_schema_extra=_ASKED)
    api_key_variable: str = Field("", pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")
    structured_outputs: Literal["json_schema", "json_object", "none"] = Field("json_schema", json_schema_extra=_ASKED)
    temperature: float = Field(0.8, ge=0, le=2, json_schema_extra=_ASKED)
    top_p: float = Field(0.95, gt=0, le=1, json_schema_extra=_ASKED)
    reply_tokens: int = Field(4096, ge=16, json_schema_extra=_ASKED)
    seed: int = Field(0, ge=0, json_schema_extra=_ASKED)
    concurrency: int = Field(8, ge=1, le=1024)
    timeout_seconds: float = Field(300.0, gt=0)
    retries: int = Field(5, ge=0, le=20)
    run_tokens: int = Field(2_000_000, ge=1)
    prompt_price: float = Field(0.0, ge=0)
    reply_price: float = Field(0.0, ge=0)


class Synthesis(Section):
    """Model-made programs. Decides what `tracepile sources synthesize` appends to a file, and so no row by itself."""

    tasks: int = Field(2, ge=1, le=20)
    solutions: int = Field(6, ge=2, le=100)
    test_sets: int = Field(3, ge=1, le=50)
    agreeing_solutions: int = Field(2, ge=2)
    agreeing_tests: int = Field(4, ge=1)


PERMISSIVE = (
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0"),
    *("CDLA-Permissive-2.0", "ISC", "MIT", "MIT-0", "ODC-By-1.0", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib"),
)
"""SPDX ids of licences that let anybody use, change and pass on a program, for money too, at most with attribution."""


class Mixtures(Section):
    """What may enter a mixture, whatever its SQL says. Changes no row of a table."""

    licenses: tuple[str, ...] = PERMISSIVE
    benchmarks: tuple[str, ...] = ()


class Settings(BaseSettings):
    """All settings; each can be set in the file or as ``TRACEPILE_<SECTION>__<KEY>`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="TRACEPILE_", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=None
    )

    compute: Compute = Field(default_factory=Compute)
    limits: Limits = Field(default_factory=Limits)
    recording: Recording = Field(default_factory=Recording)
    inputs: Inputs = Field(default_factory=Inputs)
    rewriting: Rewriting = Field(default_factory=Rewriting)
    questions: Questions = Field(default_factory=Questions)
    narration: Narration = Field(default_factory=Narration)
    twins: Twins = Field(default_factory=Twins)
    mixtures: Mixtures = Field(default_factory=Mixtures)
    models: Models = Field(default_factory=Models)
    synthesis: Synthesis = Field(default_factory=Synthesis)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def asks_model(self, table: str) -> bool:
        """Whether these settings have a model help to make a table."""
        asks = {
            "raw_programs": self.inputs.by_model > 0,
            "code_variants": self.rewriting.by_model > 0,
            "chains_of_execution": self.narration.narrator != "deterministic",
        }
        return asks.get(table, False)

    def deciding(self, table: str) -> dict[str, object]:
        """Return the keys that enter the fingerprints of ``table``, with their values."""
        asks = self.asks_model(table)
        found = {}
        for section_name in type(self).model_fields:
            section = getattr(self, section_name)
            for key, field in type(section).model_fields.items():
                extra = field.json_schema_extra
                if isinstance(extra, dict) and (table in extra.get("fingerprint", ()) or (asks and extra == _ASKED)):
                    found[f"{section_name}.{key}"] = getattr(section, key)
        # Another file in the same place counts otherwise.
        if path := found.get("narration.tokenizer"):
            content = hashlib.blake2b(Path(str(path)).read_bytes(), digest_size=8).hexdigest()
            found["narration.tokenizer"] = f"{path} ({content})"
        return found


def load_settings(path: Path) -> Settings:
    """Read the settings from a TOML file and the environment; defaults where neither speaks.

    Raises:
        HomeError: the file does not parse, or holds an unknown key or a value out of range.
    """

    class FileSettings(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return FileSettings()
    except tomllib.TOMLDecodeError as error:
        raise HomeError(f"{path}: not valid TOML: {error}; mend it or delete it to get the defaults") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise HomeError(f"{path}: {key}: {first['msg']}; mend that line or delete it to get the default") from error


def write_default_settings(path: Path) -> None:
    """Write a settings file that names every key with its default, commented out."""
    lines = [
        "# Settings of this home. Remove the # of a line to change its value. A key marked with tables enters their",
        "# fingerprints: changing it makes their rows stale. The others change no row.",
    ]
    for section_name, section_field in Settings.model_fields.items():
        section = section_field.annotation
        lines += ["", f"[{section_name}]"]
        for key, field in section.model_fields.items():
            extra = field.json_schema_extra
            tables = ", ".join(extra["fingerprint"]) if isinstance(extra, dict) else ""
            default = field.get_default(call_default_factory=True)
            text = json.dumps(default) if isinstance(default, str | tuple) else str(default)
            lines.append(f"# {key} = {text}" + (f"    # {tables}" if tables else ""))
    write_whole(path, ("\n".join(lines) + "\n").encode())
