"""What the core refuses to count, as problems: its codes and words, and the status for them."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api import problems
from core.stats.calendar import WrongWindow
from core.stats.sources import WrongFilter


def install(app: FastAPI) -> None:
    app.add_exception_handler(WrongWindow, _window)
    app.add_exception_handler(WrongFilter, _filter)


async def _window(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WrongWindow)
    return problems.response(422, error.code, str(error))


async def _filter(_: Request, error: Exception) -> JSONResponse:
    return problems.response(422, "wrong_filter", str(error))
