"""`python3 deploy/prod COMMAND`: Parley in production, by Docker Compose. Needs Python alone."""

import argparse
import sys
import tomllib
from pathlib import Path

import care
from engine import Engine, Failed
from init import init
from place import Place
from up import up

_REPOSITORY = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 deploy/prod", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("init", help="write .env and secrets")
    start = actions.add_parser("up", help="check, start or upgrade, and prove that it works")
    start.add_argument("--no-pull", action="store_true", help="the images are on this machine")
    for name, what in care.ACTIONS.items():
        action = actions.add_parser(name, help=what.help)
        if what.takes:
            action.add_argument("argument", help=what.takes)
    parser.add_argument("--folder", type=Path, default=_REPOSITORY, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    place, engine = Place(arguments.folder), Engine(arguments.folder)
    try:
        match arguments.action:
            case "init":
                return init(place, version=_version())
            case "up":
                return up(place, engine, pull=not arguments.no_pull)
            case name:
                return care.ACTIONS[name].act(place, engine, getattr(arguments, "argument", ""))
    except Failed as error:
        print(f"parley: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _version() -> str:
    project = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text())["project"]
    return str(project["version"])


if __name__ == "__main__":
    sys.exit(main())
