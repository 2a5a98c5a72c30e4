"""From settings to a router that is known to be able to work."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from openai import AsyncOpenAI

from core.errors import StartupError
from core.llm.accounts import AccountWatch
from core.llm.catalog import Catalog, Credential, Entry
from core.llm.errors import Gone, KeyRefused, ModelError
from core.llm.listing import Listed, find, read_listing
from core.llm.openai import OpenAICompatible, fetch, open_client
from core.llm.providers import Provider
from core.llm.router import Deadlines, Router
from core.llm.target import FREE, Chains, Target
from core.logging import get_logger
from core.settings import Settings

log = get_logger(__name__)

#: tokens, where the provider does not say: what even small models have
DEFAULT_WINDOW = 8192
_PREFLIGHT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What a process needs to ask models."""

    router: Router
    #: to be run beside it
    watch: AccountWatch


async def build_model(
    settings: Settings,
    catalog: Catalog,
    stack: AsyncExitStack,
    *,
    opened: Callable[[str], object] = lambda _: None,
    spared: Callable[[], object] = lambda: None,
) -> Models:
    """Check the keys, learn about the models, and put the chains together.

    `opened` and `spared` are told as `Router` says. Raises StartupError when the providers refuse
    all keys; one of several is a warning. A provider that does not answer is a warning: it may be
    back before the first question.
    """
    clients = {credential: open_client(credential) for credential in catalog.credentials}
    for credential, client in clients.items():
        _require_sendable(credential)
        stack.push_async_callback(client.close)
    refused = await require_keys(clients)
    usable = [credential for credential in clients if credential not in refused]
    listings = await asyncio.gather(*[_listing(clients[credential]) for credential in usable])
    told = dict(zip(usable, listings, strict=True))
    targets = {
        entry: _target(settings, entry, clients[entry.credential], told.get(entry.credential, {}))
        for entry in catalog.entries
    }
    router = Router(_chains(catalog, targets), _deadlines(settings), opened=opened, spared=spared)
    for credential, error in refused.items():
        router.distrust(credential.name, error)
    by_name = {credential.name: client for credential, client in clients.items()}
    return Models(router=router, watch=AccountWatch(router.accounts, by_name))


async def require_keys(clients: Mapping[Credential, AsyncOpenAI]) -> dict[Credential, KeyRefused]:
    """The accounts that are refused; raises StartupError when all are."""
    outcomes = await asyncio.gather(*[check_key(x, client) for x, client in clients.items()])
    refused = {x: error for x, error in zip(clients, outcomes, strict=True) if error}
    if len(refused) == len(clients):
        raise StartupError(refusal(refused))
    for credential, error in refused.items():
        log.warning(
            "key_refused",
            account=credential.name,
            variable=credential.key_variable,
            status=error.http_status,
        )
    return refused


async def check_key(credential: Credential, client: AsyncOpenAI) -> KeyRefused | None:
    """Whether the provider refuses the key. OpenRouter tells about a key at /key; elsewhere the
    list of models needs one.
    """
    try:
        try:
            await fetch(client, "/key", seconds=_PREFLIGHT_SECONDS)
        except Gone:
            await fetch(client, "/models", seconds=_PREFLIGHT_SECONDS)
    except KeyRefused as error:
        return error
    except ModelError as error:
        log.warning(
            "provider_not_checked",
            account=credential.name,
            kind=error.kind,
            status=error.http_status,
            code=error.provider_code,
        )
    return None


def refusal(refused: Mapping[Credential, KeyRefused]) -> str:
    """One sentence, which ends with what to do."""
    which = " and ".join(
        f"{x.key_variable or f'the account {x.name}'} is refused by "
        f"{urlsplit(x.base_url).netloc} ({error.http_status})"
        for x, error in refused.items()
    )
    places = " and ".join(dict.fromkeys(_address_setting(x) for x in refused))
    return f"{which}: copy it again from the provider, and check that {places} is its address."


def _address_setting(credential: Credential) -> str:
    if credential.key_variable == "OPENROUTER_API_KEY":
        return "OPENROUTER_BASE_URL"
    return f"base_url of [credentials.{credential.name}]"


def _require_sendable(credential: Credential) -> None:
    """A header carries visible ASCII only; anything else came with a careless copy."""
    key = credential.key or ""
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise StartupError(
            f"{credential.key_variable} contains characters that no key has: copy it again from "
            "the provider."
        )


async def _listing(client: AsyncOpenAI) -> dict[str, Listed]:
    """As far as the provider tells."""
    try:
        return read_listing(await fetch(client, "/models", seconds=_PREFLIGHT_SECONDS))
    except ModelError:
        return {}


def _target(
    settings: Settings, entry: Entry, client: AsyncOpenAI, listing: Mapping[str, Listed]
) -> Target:
    listed = find(entry.model, listing)
    if listing and listed is None:
        log.warning("model_not_listed", model=entry.model)
    told = listed or Listed()
    sees = told.sees_images if entry.sees_images is None else entry.sees_images
    return Target(
        model=OpenAICompatible(client, entry, max_tokens=settings.max_answer_tokens),
        window=entry.window or told.window or DEFAULT_WINDOW,
        answer=settings.max_answer_tokens,
        credential=entry.credential.name,
        provider=_judge(entry),
        prices=entry.prices or ((told.price,) if told.price else ()),
        is_for_code=entry.is_for_code,
        sees_images=bool(sees),
        is_free=entry.model.endswith(FREE),
    )


def _judge(entry: Entry) -> str:
    """Behind a gateway the maker of the model judges a request, which its name begins with."""
    provider = entry.credential.provider
    is_gateway = provider is Provider.OPENROUTER
    return f"{provider} {entry.model.partition('/')[0]}" if is_gateway else provider.value


def _chains(catalog: Catalog, targets: Mapping[Entry, Target]) -> Chains:
    def chain(entries: Iterable[Entry]) -> tuple[Target, ...]:
        return tuple(targets[entry] for entry in entries)

    return Chains(
        default=chain(catalog.default),
        context_window=chain(catalog.context_window),
        content_policy=chain(catalog.content_policy),
        last_resort=chain(catalog.last_resort),
    )


def _deadlines(settings: Settings) -> Deadlines:
    return Deadlines(
        first_token=settings.first_token_timeout.total_seconds(),
        idle=settings.idle_timeout.total_seconds(),
        turn=settings.turn_timeout.total_seconds(),
    )
