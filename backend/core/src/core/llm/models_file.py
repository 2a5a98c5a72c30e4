"""The models' file: accounts, models and the order in which they are asked, from TOML.

Whatever is wrong stops the start with the file, the line and what to do.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import SettingsError
from core.llm.catalog import Catalog, Credential, Entry, simple_catalog
from core.llm.providers import DIALECTS, DataCollection, Provider
from core.llm.toml_lines import Lines, Place
from core.llm.usage import Price
from core.settings import Settings

#: what a chain may be for
Purpose = Literal["default", "context_window", "content_policy", "last_resort"]
PURPOSES: tuple[str, ...] = get_args(Purpose)

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def _decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


#: dollars for a million tokens
Money = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=1_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
#: shown in tables, on charts and as a label of metrics
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class _Credential(_Table):
    provider: Literal["openrouter", "openai", "groq", "anthropic", "litellm", "local"]
    key: str | None = None
    base_url: Text | None = None
    data_collection: Literal["allow", "deny"] | None = None


class _Price(_Table):
    since: date = Field(alias="from")
    prompt: Money
    completion: Money
    cached: Money | None = None


class _Target(_Table):
    credential: Text
    model: Text
    window: Annotated[int, Field(ge=256, le=100_000_000)] | None = None
    good_for: list[Literal["code"]] = []
    sees: bool | None = None
    prices: list[_Price] = []


class _Document(_Table):
    credentials: dict[Name, _Credential]
    targets: dict[Name, _Target]
    chains: dict[Name, list[str]]


_TABLES: Mapping[str, type[_Table]] = {"credentials": _Credential, "targets": _Target}


def catalog_of(settings: Settings) -> Catalog:
    """Which models are asked; raises SettingsError where that cannot be known."""
    if settings.models_file:
        return read_models_file(settings.models_file, settings)
    return simple_catalog(
        base_url=settings.openrouter_base_url,
        key=settings.require_openrouter_api_key(),
        models=(settings.openrouter_model, *settings.openrouter_fallback_models),
    )


def read_models_file(path: Path, settings: Settings) -> Catalog:
    """`settings` know the keys that the file names. Raises SettingsError."""
    return _Reading(path, _read(path), settings).catalog()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"MODELS_FILE names a file that cannot be read: {path}") from None


class _Reading:
    def __init__(self, path: Path, text: str, settings: Settings) -> None:
        self._path = path
        self._text = text
        self._settings = settings
        parsed = self._parsed()
        self._lines = Lines(text)
        self._document = self._validated(parsed)

    def catalog(self) -> Catalog:
        self._refuse_shared_names()
        credentials = {
            name: self._credential(name, table)
            for name, table in self._document.credentials.items()
        }
        entries = {
            name: self._entry(name, table, credentials)
            for name, table in self._document.targets.items()
        }
        chains = self._chains(entries)
        if not chains.get("default"):
            self._refuse(("chains", "default"), "the chain default needs at least one target")
        return Catalog(**{purpose: chains.get(purpose, ()) for purpose in PURPOSES})

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            reason, line = str(error), len(self._text.splitlines())
            if position := _POSITION.search(reason):
                reason = reason[: position.start()]
                line = int(position[1] or line)
            is_double = "twice" in reason or "overwrite" in reason
            what = (
                "this name is given before: each may stand once"
                if is_double
                else (f"this is not TOML ({reason[:1].lower()}{reason[1:].strip()})")
            )
            raise SettingsError(f"{self._path}, line {line}: {what}.") from None

    def _validated(self, parsed: dict[str, Any]) -> _Document:
        try:
            return _Document.model_validate(parsed)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self._refuse(first["loc"], _sentence(first))

    def _refuse(self, place: Place, sentence: str) -> NoReturn:
        line = self._lines.of(place)
        raise SettingsError(f"{self._path}, line {line}: {sentence}.")

    def _refuse_shared_names(self) -> None:
        document = self._document
        seen: dict[str, str] = {}
        kinds: dict[str, Iterable[str]] = {
            "credentials": document.credentials,
            "targets": document.targets,
            "chains": document.chains,
        }
        for kind, names in kinds.items():
            for name in names:
                if name in seen:
                    self._refuse(
                        (kind, name),
                        f"{name} is a name in [{seen[name]}] as well: give "
                        "each thing a name of its own",
                    )
                seen[name] = kind

    def _credential(self, name: str, table: _Credential) -> Credential:
        provider = Provider(table.provider)
        base_url = table.base_url or DIALECTS[provider].base_url
        here: Place = ("credentials", name)
        if base_url is None:
            self._refuse(here, f"{name} needs base_url, the address of your {provider} server")
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            self._refuse(
                (*here, "base_url"),
                "base_url needs an address that starts with https:// "
                "(or http://), without a name and password in it",
            )
        if table.data_collection and provider is not Provider.OPENROUTER:
            self._refuse((*here, "data_collection"), "data_collection is OpenRouter's alone")
        return Credential(
            name=name,
            provider=provider,
            base_url=base_url.rstrip("/"),
            key=self._key(name, table),
            key_variable=table.key,
            data_collection=DataCollection(table.data_collection)
            if table.data_collection
            else None,
        )

    def _key(self, name: str, table: _Credential) -> str | None:
        here: Place = ("credentials", name, "key")
        if table.key is None:
            if Provider(table.provider) is Provider.LOCAL:
                return None
            self._refuse(here[:2], f"{name} needs key, the name of the variable that holds its key")
        if not _VARIABLE.fullmatch(table.key):  # it may be the key itself: say nothing of it
            self._refuse(
                here,
                "key has to be the name of a variable in capitals, such as "
                "GROQ_API_KEY, that holds the key; never the key itself",
            )
        value = self._settings.secret(table.key)
        if not value:
            self._refuse(
                here,
                f"{table.key} is not set: put the key of {name} "
                f"{self._settings.place_of(table.key)}",
            )
        return value

    def _entry(self, name: str, table: _Target, credentials: Mapping[str, Credential]) -> Entry:
        if table.credential not in credentials:
            known = _nearest(table.credential, credentials)
            self._refuse(
                ("targets", name, "credential"),
                f"there is no [credentials.{table.credential}]{known}",
            )
        days = [price.since for price in table.prices]
        for index, day in enumerate(days):
            if day in days[:index]:
                self._refuse(("targets", name, "prices", index), f"two prices are from {day}")
        return Entry(
            name=name,
            credential=credentials[table.credential],
            model=table.model,
            window=table.window,
            prices=tuple(_price(price) for price in table.prices),
            is_for_code="code" in table.good_for,
            sees_images=table.sees,
        )

    def _chains(self, entries: Mapping[str, Entry]) -> dict[str, tuple[Entry, ...]]:
        used = {name for chain in self._document.chains.values() for name in chain}
        for name in self._document.chains:
            if name not in PURPOSES and name not in used:
                self._refuse(
                    ("chains", name),
                    f"nothing asks the chain {name}: chains are {', '.join(PURPOSES)}, and those "
                    f"that these name{_nearest(name, PURPOSES)}",
                )
        return {name: tuple(self._expand(name, entries, ())) for name in self._document.chains}

    def _expand(
        self, name: str, entries: Mapping[str, Entry], above: Sequence[str]
    ) -> Iterator[Entry]:
        """The targets of a chain, with those of the chains that it names."""
        seen: set[str] = set()
        for index, part in enumerate(self._document.chains[name]):
            here: Place = ("chains", name, index)
            if part in (*above, name):
                circle = " → ".join((*above, name, part))
                self._refuse(here, f"chains go in a circle: {circle}")
            if part in entries:
                found = [entries[part]]
            elif part in self._document.chains:
                found = list(self._expand(part, entries, (*above, name)))
            else:
                near = _nearest(part, [*entries, *self._document.chains])
                self._refuse(here, f"there is no [targets.{part}]{near}")
            for entry in found:
                if entry.name in seen:
                    self._refuse(here, f"{entry.name} is in the chain {name} twice")
                seen.add(entry.name)
                yield entry


def _price(price: _Price) -> Price:
    return Price(
        since=price.since, prompt=price.prompt, completion=price.completion, cached=price.cached
    )


def _sentence(error: Any) -> str:
    """What a person can do about a value that does not fit."""
    *above, name = error["loc"]
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    match error["type"]:
        case "missing" if not above:
            return f"the table [{name}] is missing"
        case "missing":
            return f"{'.'.join(str(x) for x in above)} needs {name}"
        case "extra_forbidden":
            return f"{where} is not known{_nearest(str(name), _keys(above))}"
        case "string_pattern_mismatch":
            return f"{above[-1]!r} is no name: letters, digits and any of _ . : / - make one"
        case "literal_error":
            return f"{where} has to be one of {error['ctx']['expected'].replace(' or ', ', ')}"
        case "greater_than_equal":
            return f"{where} has to be {error['ctx']['ge']} or more"
        case "less_than_equal":
            return f"{where} has to be {error['ctx']['le']} or less"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where} is wrong: {message[:1].lower()}{message[1:]}"


def _keys(place: Sequence[str | int]) -> Sequence[str]:
    """What may stand there."""
    if not place:
        return [*_TABLES, "chains"]
    if "prices" in place:
        return ["from", "prompt", "completion", "cached"]
    table = _TABLES.get(str(place[0]))
    return list(table.model_fields) if table else []


def _nearest(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; perhaps {near[0]} is meant" if near else ""
