"""What deploy/ watches: the expressions of rules and dashboards, and the metrics they ask for."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with other tools of ours, without its types

REPOSITORY = Path(__file__).parents[3]
DEPLOY = REPOSITORY / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))

#: given by whoever scrapes
TARGET_LABELS = {"job", "instance"}

_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_WINDOWS = re.compile(r"\[[^]]*\]|\boffset\s+\w+")
_SELECTOR = re.compile(r"(?<![\w.$])([a-zA-Z_:][\w:]*)\b(?!\s*\()(\{[^}]*\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_KEYWORDS = {"and", "or", "unless", "bool"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A metric as an expression asks for it."""

    name: str
    #: labels it must have; a value where exactly one is asked for
    labels: tuple[tuple[str, str | None], ...]


def selectors(expression: str) -> list[Selector]:
    grouped = [
        label.strip()
        for labels in _GROUPING.findall(expression)
        for label in labels.split(",")
        if label.strip()
    ]
    bare = _WINDOWS.sub("", _GROUPING.sub("", expression))
    return [
        Selector(
            name=name,
            labels=(
                *((label, None) for label in grouped),
                *(
                    (label, value if how == "=" else None)
                    for label, how, value in _MATCHER.findall(matchers)
                ),
            ),
        )
        for name, matchers in _SELECTOR.findall(bare)
        if name not in _KEYWORDS
    ]


def alerts() -> list[dict[str, Any]]:
    return [
        rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            yield f"{path.stem}: {panel['title']}", panel


def expressions() -> dict[str, str]:
    """Of all rules and panels, by where they stand."""
    found = {rule["alert"]: rule["expr"] for rule in alerts()}
    for place, panel in panels():
        for target in panel.get("targets", []):
            windowed = target["expr"].replace("$__rate_interval", "5m")
            found[f"{place} {target['refId']}"] = windowed
    return found
