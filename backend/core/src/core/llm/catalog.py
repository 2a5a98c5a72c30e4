"""The models that may be asked, as they are configured. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.llm.providers import DataCollection, Provider
from core.llm.usage import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """An account at a provider."""

    name: str
    provider: Provider
    base_url: str
    #: None where a local server asks for none
    key: str | None = field(default=None, repr=False)
    #: the setting that holds the key
    key_variable: str | None = None
    data_collection: DataCollection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A model of an account."""

    name: str
    credential: Credential
    #: as the provider calls it
    model: str
    #: tokens; None where the provider is to tell
    window: int | None = None
    #: none where the provider is to tell
    prices: tuple[Price, ...] = ()
    is_for_code: bool = False
    #: None where the provider is to tell
    sees_images: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Entries in the order in which they are asked; see `core.llm.target.Chains`."""

    default: tuple[Entry, ...]
    context_window: tuple[Entry, ...] = ()
    content_policy: tuple[Entry, ...] = ()
    last_resort: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Each once."""
        chains = (self.default, self.context_window, self.content_policy, self.last_resort)
        return tuple(dict.fromkeys(entry for chain in chains for entry in chain))

    @property
    def credentials(self) -> tuple[Credential, ...]:
        return tuple(dict.fromkeys(entry.credential for entry in self.entries))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)


def simple_catalog(*, base_url: str, key: str, models: Sequence[str]) -> Catalog:
    """One account, and its models by their own names."""
    provider = Provider.at(base_url)
    credential = Credential(
        name=provider.value,
        provider=provider,
        base_url=base_url,
        key=key,
        key_variable="OPENROUTER_API_KEY",
    )
    names = dict.fromkeys(models)  # a model named twice is asked once
    return Catalog(
        default=tuple(Entry(name=name, credential=credential, model=name) for name in names)
    )
