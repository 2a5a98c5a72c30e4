"""What browsers are told: who may read an answer, what a page may load, where nothing is kept.

SecurityHeaders ──> CORS ──> ... ──> SameOrigin ──> routes
"""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response, status
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import bounds, limits, problems
from api.dependencies import MetricsDependency
from core.logging import get_logger

log = get_logger(__name__)

REPORT_PATH = "/api/v1/csp-report"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        f"report-uri {REPORT_PATH}",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = "max-age=31536000; includeSubDomains"
_KEPT_NOWHERE = ("/api/", "/health", "/ready")

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

#: of a report; everything else is counted as "other"
_DIRECTIVES = {
    *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src"),
    *("style-src-elem", "style-src-attr", "img-src", "connect-src", "font-src", "base-uri"),
    *("form-action", "frame-ancestors", "frame-src", "media-src", "object-src", "worker-src"),
    *("manifest-src", "child-src"),
}
_REPORT_BYTES = 8192

router = APIRouter(tags=["edges"])


def allow_origins(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Let pages of these origins ask with their visitor's cookie, and read every header of ours."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Admin-Token", "Last-Event-ID"],
        expose_headers=[*limits.HEADERS, problems.TRACE_HEADER, "Content-Disposition"],
    )


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, secured)


def _secure(headers: MutableHeaders, scope: Scope) -> None:
    headers.update(HEADERS)
    if scope["path"].startswith(_KEPT_NOWHERE):
        headers["Cache-Control"] = "no-store"
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = _ONE_YEAR


class SameOrigin:
    """Refuses what a page of a strange origin would change with its visitor's cookie.

    Programs send neither Origin nor Sec-Fetch-Site and pass.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS:
            app = app if self._is_ours(scope) else _foreign()
        await app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin in self._origins:
            return True
        if site is not None:
            return site in {"none", "same-origin"}
        return origin in {None, f"{scope['scheme']}://{headers.get('host', '')}"}


def _foreign() -> Response:
    return problems.response(
        403,
        "foreign_origin",
        "Pages of another origin may not change anything here; CORS_ORIGINS lists those that may.",
    )


@router.post(
    "/csp-report",
    status_code=status.HTTP_204_NO_CONTENT,
    include_in_schema=False,
)
async def csp_report(request: Request, metrics: MetricsDependency) -> None:
    """Where browsers tell of what a page tried against its policy: counted, otherwise unread."""
    body = await request.body()
    if len(body) > _REPORT_BYTES:
        raise bounds.too_large(_REPORT_BYTES)
    directive = _directive(body)
    metrics.csp_reports.labels(directive).inc()
    log.warning("csp_violation", directive=directive)


def _directive(body: bytes) -> str:
    try:
        report: Any = json.loads(body)["csp-report"]
        named = str(report.get("effective-directive") or report["violated-directive"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise problems.Problem(
            400, "report_unreadable", "The body needs to be a report as browsers write it."
        ) from None
    name = named.split(" ", maxsplit=1)[0]
    return name if name in _DIRECTIVES else "other"
