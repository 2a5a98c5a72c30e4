"""`python -m bot`: the Telegram bot. `check` looks whether it could run, `ask` whether it does."""

import argparse
import sys

import uvloop

from bot.app import run
from core import failpoints, reporting, tracing
from core.errors import StartupError
from core.logging import configure
from core.settings import Settings, load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    actions = parser.add_subparsers(dest="action")
    look = actions.add_parser("check", help="whether this configuration can work")
    look.add_argument("--running", action="store_true", help="the bot runs already")
    question = actions.add_parser("ask", help="a question through the whole path")
    question.add_argument("chat", type=int, help="the Telegram id of who has started the bot")
    arguments = parser.parse_args()
    try:
        settings = load()
        configure(level=settings.log_level, style=settings.log_format)
        failpoints.arm(settings.failpoints, settings.failpoints_journal)
        match arguments.action:
            case "check":
                sys.exit(not _check(settings, is_running=arguments.running))
            case "ask":
                sys.exit(not _ask(settings, arguments.chat))
            case _:
                with reporting.on(settings, "bot"), tracing.on(settings, "bot"):
                    uvloop.run(run(settings))
    except StartupError as error:
        sys.exit(f"parley bot: {error}")


def _check(settings: Settings, *, is_running: bool) -> bool:
    from bot.check import check  # noqa: PLC0415 - the bot starts without it

    return uvloop.run(check(settings, is_running=is_running))


def _ask(settings: Settings, chat_id: int) -> bool:
    from bot.ask import ask_and_tell  # noqa: PLC0415 - the bot starts without it

    return uvloop.run(ask_and_tell(settings, chat_id))


if __name__ == "__main__":
    main()
