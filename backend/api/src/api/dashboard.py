"""The built dashboard: its files, and its page for every path that a browser opens.

Which page a path means is decided in the browser. Files that were packed when the dashboard was
built (`app.js.br`, `app.js.gz`) are sent as they are to whoever can unpack them.
"""

import os
import re
from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from core.errors import SettingsError

_PAGE = "index.html"
#: their names tell what is in them
_NAMED_BY_CONTENT = "/assets/"
_FOR_A_YEAR, _ASK_FIRST = "public, max-age=31536000, immutable", "no-cache"
_NOT_OURS = re.compile(r"/(api|health|ready|metrics)(/|$)")
#: best first
_PACKINGS = {"br": ".br", "gzip": ".gz"}
_TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}


def route(folder: Path) -> Route:
    """Answers what the API does not; raises SettingsError where there is no dashboard."""
    if not (folder / _PAGE).is_file():
        raise SettingsError(
            f"DASHBOARD_FOLDER is wrong: there is no {_PAGE} in {folder}. Build the dashboard "
            "first, or leave the setting out."
        )
    return _Pages("/{path:path}", _Files(directory=folder), methods=["GET"])


class _Pages(Route):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if _NOT_OURS.match(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _is_page(scope):  # noqa: PLR2004 - not found
                raise
        return await super().get_response(_PAGE, scope)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        is_packed = path.endswith(tuple(_PACKINGS.values()))
        return ("", None) if is_packed else super().lookup_path(path)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        asked, path = Headers(scope=scope), Path(full_path)
        headers = {"Cache-Control": _caching(scope)}
        packed = dict(_packed(path))
        if packed:
            headers["Vary"] = "Accept-Encoding"
        sent = path
        if packing := next((one for one in packed if _accepts(asked, one)), None):
            headers["Content-Encoding"] = packing
            sent, stat_result = packed[packing], packed[packing].stat()
        response = FileResponse(
            sent, status_code, headers, media_type=_media_type(path), stat_result=stat_result
        )
        if self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response


def _is_page(scope: Scope) -> bool:
    path = scope["path"]
    if path.startswith(_NAMED_BY_CONTENT):
        return False
    return path == "/" or "text/html" in Headers(scope=scope).get("accept", "")


def _caching(scope: Scope) -> str:
    return _FOR_A_YEAR if scope["path"].startswith(_NAMED_BY_CONTENT) else _ASK_FIRST


def _packed(path: Path) -> Iterator[tuple[str, Path]]:
    for packing, ending in _PACKINGS.items():
        beside = path.with_name(path.name + ending)
        if beside.is_file():
            yield packing, beside


def _accepts(asked: Headers, packing: str) -> bool:
    for part in asked.get("accept-encoding", "").lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() == packing:
            return not re.fullmatch(r"q=0(\.0*)?", quality.strip().replace(" ", ""))
    return False


def _media_type(path: Path) -> str:
    known = _TYPES.get(path.suffix) or guess_type(path.name)[0]
    return known or "application/octet-stream"
