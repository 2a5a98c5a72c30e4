"""Errors that nobody foresaw, for who collects them with Sentry: their type and place, no more.

    with reporting.on(settings, "bot"):
        reporting.report(error)

An error's message, its notes and the variables around it may quote what a person wrote, so none of
them leaves: what is sent is copied piece by piece. Outside of `on` nothing of Sentry is imported.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from core.errors import StartupError
from core.settings import Settings

if TYPE_CHECKING:
    from sentry_sdk.types import Event

#: for what is left to send when the process ends
_FLUSH_SECONDS = 3

_OF_AN_EVENT = frozenset(
    {"event_id", "timestamp", "platform", "level", "release", "environment", "sdk", "tags"}
)
_OF_AN_ERROR = frozenset({"type", "module", "mechanism"})
_OF_A_FRAME = frozenset(
    {"filename", "abs_path", "module", "function", "lineno", "in_app"}
    | {"context_line", "pre_context", "post_context"}
)

_is_on = False


def report(error: Exception, **tags: str) -> None:
    """Tags are names and identifiers of the product's own."""
    if not _is_on:
        return
    import sentry_sdk  # noqa: PLC0415 - only who reports pays for it

    with sentry_sdk.new_scope() as scope:
        scope.set_tags(tags)
        sentry_sdk.capture_exception(error)


@contextmanager
def on(settings: Settings, program: str) -> Generator[None]:
    """Within the block reports go to `SENTRY_DSN`, if there is one; so does what ends the block."""
    if settings.sentry_dsn is None:
        yield
        return
    global _is_on  # noqa: PLW0603 - one process has one collector, as it has one log
    _begin(settings.sentry_dsn.get_secret_value(), program, settings.environment.value)
    _is_on = True
    try:
        yield
    except StartupError:
        raise
    except Exception as error:
        report(error)
        raise
    finally:
        import sentry_sdk  # noqa: PLC0415

        _is_on = False
        sentry_sdk.get_client().close(timeout=_FLUSH_SECONDS)


def _begin(dsn: str, program: str, environment: str) -> None:
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.utils import BadDsn  # noqa: PLC0415

    try:
        sentry_sdk.init(
            dsn,
            release=f"parley-{program}@{version(f'parley-{program}')}",
            environment=environment,
            before_send=_without_words,
            # its hooks into libraries would take requests, statements and prompts along
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
        )
    except BadDsn:
        raise StartupError(
            "SENTRY_DSN is wrong: it needs the address that Sentry shows under Client Keys, "
            "such as https://key@sentry.example.org/1."
        ) from None
    sentry_sdk.set_tag("program", program)


def _without_words(event: "Event", _hint: Mapping[str, Any]) -> "Event | None":
    errors: Sequence[Mapping[str, Any]] = (event.get("exception") or {}).get("values", [])
    kept: Any = _of(event, _OF_AN_EVENT)
    kept["exception"] = {"values": [_error(error) for error in errors]}
    return kept  # type: ignore[no-any-return]  # a subset of an event is one


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return {
        **_of(error, _OF_AN_ERROR),
        "stacktrace": {"frames": [_of(frame, _OF_A_FRAME) for frame in frames]},
    }


def _of(whole: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name in names}
