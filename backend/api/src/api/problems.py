"""Errors as people and programs read them: RFC 9457 problem details, each with a code and a trace.

    Problem ── raised anywhere below a route, with the status and the sentence that helps

Whatever else goes wrong ends here too: framework errors get a code, bad input names its field, and
an unforeseen exception becomes a 500 that says where to look it up and nothing of what it was.
"""

import difflib
import re
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_fastapi_instrumentator.routing import get_route_name
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from core import tracing
from core.db.session import is_away
from core.logging import get_logger
from core.reporting import report

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TRACE_HEADER = "X-Trace-Id"

#: of the request being served
trace_id: ContextVar[str] = ContextVar("trace_id", default="-")

#: SQLSTATE of a statement that ran into `statement_timeout`
_TIMED_OUT = "57014"
_SECONDS_BETWEEN_TRIES = 2

#: the words that pydantic would have taken, and how many of them one still reads
_QUOTED = re.compile(r"'([^']*)'")
_FEW = 10

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class WrongField(BaseModel):
    """One value of the request that cannot be used."""

    field: str = Field(examples=["query.period"])
    message: str = Field(examples=["Input should be 'day', 'week' or 'month'"])


class ProblemBody(BaseModel):
    """An RFC 9457 problem. `code` is for programs and stable; `detail` is for people."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["dialog_not_found"])
    detail: str = Field(examples=["There is no such dialog."])
    trace_id: str = Field(examples=["0b7c1fd04ba14d9a8bb4a3ed9fe1a3c5"])
    errors: list[WrongField] = []


class Problem(HTTPException):
    """Ends a request with this status, code and sentence."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code


def documented(**problems: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the problems of a route: `documented(not_found_404="No such dialog.")`.

    The number at the end of each name is the status, the rest an example of the code.
    """
    entries: dict[int | str, dict[str, Any]] = {}
    for name, sentence in problems.items():
        code, _, number = name.rpartition("_")
        entry = entries.setdefault(int(number), {"model": ProblemBody, "content": {MEDIA_TYPE: {}}})
        entry["description"] = f"{entry.get('description', '')} {sentence}".strip()
        examples = entry["content"][MEDIA_TYPE].setdefault("examples", {})
        examples[code] = {"value": _body(int(number), code, sentence).model_dump()}
    return entries


def install(app: FastAPI) -> None:
    """Give the application its error handlers; `Tracing` has to be among its middlewares."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(PoolTimeout, _busy)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(OSError, _unreachable)


def response(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[WrongField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = _body(status, code, detail, errors)
    return JSONResponse(
        body.model_dump(),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def answer(problem: Problem) -> JSONResponse:
    return response(problem.status_code, problem.code, problem.detail, headers=problem.headers)


def unread_body(status: int, code: str, detail: str) -> dict[str, Any]:
    """The body of a problem that ends a connection before it has become a request."""
    return _body(status, code, detail).model_dump() | {"trace_id": uuid.uuid4().hex}


class Tracing:
    """Gives each request its trace id, in the log and the answer, and catches what nobody caught.

    It stands inside CORS, so that a 500 carries its headers too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with tracing.span("request") as span:
            if span.trace_id:
                span.name(_described(scope))
            await self._trace(scope, receive, send, span)

    async def _trace(self, scope: Scope, receive: Receive, send: Send, span: tracing.Span) -> None:
        trace = span.trace_id or uuid.uuid4().hex
        has_started = False

        async def traced(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                span.note(status=message["status"])
                message["headers"] = [
                    *message["headers"],
                    (TRACE_HEADER.lower().encode(), trace.encode()),
                ]
            await send(message)

        token = trace_id.set(trace)
        try:
            with bound_contextvars(trace=trace):
                await self._guarded(scope, receive, traced, lambda: has_started)
        finally:
            trace_id.reset(token)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, has_started: Any) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            log.error("request_failed", error=type(error).__name__, path=scope["path"])
            report(error, trace=trace_id.get())
            if has_started():
                raise
            answer = response(
                500,
                "internal_error",
                "Something went wrong here, not with your request. Try again; if it stays, give "
                "your operator the trace_id.",
            )
            await answer(scope, receive, send)


def _described(scope: Scope) -> str:
    """Method and route, as the metrics name it: a path or a query may hold a name."""
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    route = get_route_name(Request(scope), should_include_root_path=False)
    return f"{method} {route or 'none'}"


def _body(
    status: int, code: str, detail: str, errors: list[WrongField] | None = None
) -> ProblemBody:
    return ProblemBody(
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        trace_id=trace_id.get(),
        errors=errors or [],
    )


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return answer(error)


async def _framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, detail = {
        404: ("not_found", f"There is nothing at {request.url.path[:200]}."),
        405: (
            "method_not_allowed",
            f"{request.method[:20]} is not possible here; see the Allow header.",
        ),
    }.get(error.status_code, (_code(error.status_code), str(error.detail)))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))  # of all routes there, not of the first
    return response(error.status_code, code, detail, headers=headers)


def _allowed(request: Request) -> list[str]:
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    ]


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_")


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        WrongField(field=".".join(str(part) for part in wrong["loc"]), message=_sentence(wrong))
        for wrong in error.errors()
    ]
    detail = "; ".join(f"{wrong.field}: {wrong.message}" for wrong in errors[:3])
    return response(422, "invalid_request", f"The request cannot be used: {detail}.", errors=errors)


def _sentence(wrong: Mapping[str, Any]) -> str:
    """Of a long list of words the one that was probably meant, instead of all of them."""
    words = _QUOTED.findall(wrong.get("ctx", {}).get("expected", ""))
    if len(words) <= _FEW:
        return str(wrong["msg"])
    given = str(wrong["input"])[:60]
    near = difflib.get_close_matches(given.lower(), words, n=1)
    hint = f"did you mean {near[0]}?" if near else "/api/v1/openapi.json lists what is."
    return f"{given!r} is not known; {hint}"


async def _busy(_: Request, __: Exception) -> JSONResponse:
    return _later("database_busy", "All connections to the database are in use.")


async def _unreachable(_: Request, error: Exception) -> JSONResponse:
    log.error("database_unreachable", error=type(error).__name__)
    return _later("database_unreachable", "The database does not answer.")


async def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    if sqlstate == _TIMED_OUT:
        return _later(
            "too_slow", "The question took too long to answer. Ask for a shorter period or filter."
        )
    if is_away(error):
        return await _unreachable(request, error)
    raise error


def _later(code: str, detail: str) -> JSONResponse:
    return response(503, code, detail, headers={"Retry-After": str(_SECONDS_BETWEEN_TRIES)})
