"""The ways of updates and requests as traces, for who collects them with OpenTelemetry.

    with tracing.on(settings, "bot"):
        with tracing.span("update", kind="message") as span:
            span.note(outcome="answered")

Outside of `on` nothing of OpenTelemetry is imported and a span costs one call. Facts are names and
numbers of the product: never a text, an address or a person; of an error, its type alone.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING

from core.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Span as OpenTelemetrySpan
    from opentelemetry.trace import Tracer

Fact = str | int | float | bool

#: for what is left to send when the process ends
_FLUSH_SECONDS = 3


class Span:
    """A step that nobody looks at."""

    #: 32 hexadecimal digits
    trace_id: str | None = None

    def name(self, name: str) -> None: ...

    def note(self, **facts: Fact) -> None: ...

    def fail(self, kind: str) -> None: ...

    def end(self) -> None: ...


class _Seen(Span):
    def __init__(self, span: "OpenTelemetrySpan") -> None:
        self._span = span
        self.trace_id = f"{span.get_span_context().trace_id:032x}"

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, **facts: Fact) -> None:
        self._span.set_attributes(facts)

    def fail(self, kind: str) -> None:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - only who traces pays for it

        self._span.set_status(StatusCode.ERROR)
        self._span.set_attribute("error.type", kind)

    def end(self) -> None:
        self._span.end()


_tracer: "Tracer | None" = None
_UNSEEN = Span()
_NOTHING = nullcontext(_UNSEEN)


def span(name: str, **facts: Fact) -> AbstractContextManager[Span]:
    """A step that holds the steps taken within the block."""
    return _NOTHING if _tracer is None else _open(_tracer, name, facts)


def start(name: str, **facts: Fact) -> Span:
    """A step within the present one that holds none; its starter ends it."""
    return _UNSEEN if _tracer is None else _Seen(_tracer.start_span(name, attributes=facts))


@contextmanager
def _open(tracer: "Tracer", name: str, facts: dict[str, Fact]) -> Generator[Span]:
    with tracer.start_as_current_span(
        name,
        attributes=facts,
        record_exception=False,  # both would take the error's words along
        set_status_on_exception=False,
    ) as opened:
        seen = _Seen(opened)
        try:
            yield seen
        except Exception as error:
            seen.fail(type(error).__name__)
            raise


@contextmanager
def on(settings: Settings, program: str) -> Generator[None]:
    """Within the block spans go to `OTEL_EXPORTER_OTLP_ENDPOINT`, if there is one."""
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    global _tracer  # noqa: PLW0603 - one process has one collector, as it has one log
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    release = version(f"parley-{program}")
    exporter = OTLPSpanExporter(
        f"{settings.otel_exporter_otlp_endpoint}/v1/traces", timeout=_FLUSH_SECONDS
    )
    # Not made the global one: libraries that look for it would add addresses and questions.
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"parley-{program}", "service.version": release}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = provider.get_tracer("parley", release)
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()
