"""The API's description, for those who may use it. No page: Swagger's would load from a CDN."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from api import bounds, limits

#: what every route may answer before it is asked
EDGES: dict[int | str, dict[str, Any]] = limits.DOCUMENTED | bounds.DOCUMENTED


#: stands for any id
EXAMPLE_ID = "5e5a3c0e-9d5b-4c06-8d57-2f6f1c1f7a10"


def protected_openapi(reader: Callable[..., Any]) -> APIRouter:
    """`/openapi.json` behind a dependency that ends the request of who may not read it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json", dependencies=[Depends(reader)])
    async def openapi(request: Request) -> JSONResponse:
        return JSONResponse(request.app.openapi())

    return router
