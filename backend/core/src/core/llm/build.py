"""From settings to a router that is known to be able to work."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from openai import AsyncOpenAI

from core.errors import StartupError
from core.llm.errors import Gone, KeyRefused, ModelError
from core.llm.openai import Account, OpenAICompatible, fetch
from core.llm.router import Deadlines, Router
from core.llm.target import Target
from core.logging import get_logger
from core.settings import Settings

log = get_logger(__name__)

#: tokens, where the provider does not say: what even small models have
DEFAULT_WINDOW = 8192
_PREFLIGHT_SECONDS = 5.0


async def build_model(
    settings: Settings, stack: AsyncExitStack, *, opened: Callable[[str], object] = lambda _: None
) -> Router:
    """Check the key, learn the models' windows, and put the chain together.

    `opened` is told the name of a model that is left alone from now on. Raises StartupError when
    the provider refuses the key. A provider that does not answer is a warning: it may be back
    before the first question.
    """
    account = Account(
        base_url=settings.openrouter_base_url, api_key=settings.require_openrouter_api_key()
    )
    _require_sendable(account.api_key)
    client = account.client()
    stack.push_async_callback(client.close)
    await require_key(client)
    windows = await learn_windows(client)
    targets = [
        Target(
            model=OpenAICompatible(client, name, max_tokens=settings.max_answer_tokens),
            window=_window(name, windows),
            answer=settings.max_answer_tokens,
        )
        for name in settings.models
    ]
    return Router(
        targets,
        Deadlines(
            first_token=settings.first_token_timeout.total_seconds(),
            idle=settings.idle_timeout.total_seconds(),
            turn=settings.turn_timeout.total_seconds(),
        ),
        opened=opened,
    )


def _require_sendable(api_key: str) -> None:
    """A header carries visible ASCII only; anything else came with a careless copy."""
    if not (api_key.isascii() and api_key.isprintable()) or " " in api_key:
        raise StartupError(
            "OPENROUTER_API_KEY contains characters that no key has: copy it again from the "
            "provider."
        )


async def require_key(client: AsyncOpenAI) -> None:
    """OpenRouter tells about a key at /key; elsewhere the list of models needs one."""
    try:
        try:
            await fetch(client, "/key", seconds=_PREFLIGHT_SECONDS)
        except Gone:
            await fetch(client, "/models", seconds=_PREFLIGHT_SECONDS)
    except KeyRefused as error:
        host = urlsplit(str(client.base_url)).netloc
        raise StartupError(
            f"OPENROUTER_API_KEY is refused by {host} ({error.http_status}): copy it again "
            "from the provider, and check that OPENROUTER_BASE_URL is the provider's address."
        ) from None
    except ModelError as error:
        log.warning(
            "provider_not_checked",
            kind=error.kind,
            status=error.http_status,
            code=error.provider_code,
        )


async def learn_windows(client: AsyncOpenAI) -> dict[str, int]:
    """Context lengths by model id, as far as the provider lists them."""
    try:
        listed = await fetch(client, "/models", seconds=_PREFLIGHT_SECONDS)
    except ModelError:
        return {}
    models = listed.get("data") if isinstance(listed, Mapping) else None
    return {
        model["id"]: model["context_length"]
        for model in (models if isinstance(models, list) else [])
        if isinstance(model, Mapping)
        and isinstance(model.get("id"), str)
        and isinstance(model.get("context_length"), int)
        and model["context_length"] > 0
    }


def _window(name: str, windows: Mapping[str, int]) -> int:
    """Tokens; a variant such as `:nitro` is not listed by itself."""
    window = windows.get(name) or windows.get(name.partition(":")[0])
    if windows and window is None:
        log.warning("model_not_listed", model=name)
    return window or DEFAULT_WINDOW
