"""`python -m api.contract openapi | dictionary`: what the dashboard's client is made from."""

import argparse
import json
import sys

from pydantic import SecretStr

from api.app import create_app
from api.stats.shapes import MetricBody
from core.settings import Settings
from core.stats.metrics import METRICS

#: nothing connects to it
_NO_DATABASE = "postgresql+asyncpg://nobody@localhost/none"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api.contract", description=__doc__)
    parser.add_argument("what", choices=["openapi", "dictionary"])
    made = _openapi() if parser.parse_args().what == "openapi" else _dictionary()
    json.dump(made, sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
    sys.stdout.write("\n")


def _openapi() -> object:
    return create_app(Settings(database_url=SecretStr(_NO_DATABASE))).openapi()


def _dictionary() -> object:
    return {slug: MetricBody.of(metric).model_dump(mode="json") for slug, metric in METRICS.items()}


if __name__ == "__main__":
    main()
