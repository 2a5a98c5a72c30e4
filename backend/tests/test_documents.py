"""What the pages say about tables, services and alerts, held against the things themselves."""

import re
from pathlib import Path

import pytest

from core.db.tables import metadata

REPOSITORY = Path(__file__).parents[2]
ARCHITECTURE = (REPOSITORY / "docs/architecture.md").read_text()
#: inside of a box
_NODE = re.compile(r"^ {8}([\w-]+)", re.MULTILINE)
_RELATION = re.compile(r"^\s+(\w+) [|}]\S(--|\.\.)\S[|{] (\w+) :", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)")

PAGES = sorted([*REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("*.md")])


def diagram(heading: str) -> str:
    section = ARCHITECTURE.split(f"\n## {heading}\n")[1]
    return section.split("```mermaid\n")[1].split("```")[0]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    }


def relations() -> dict[str, set[frozenset[str]]]:
    """Pairs of tables by the kind of line between them."""
    found: dict[str, set[frozenset[str]]] = {"--": set(), "..": set()}
    for one, line, other in _RELATION.findall(diagram("Data")):
        found[line].add(frozenset((one, other)))
    return found


def test_the_sequence_shows_a_fallback() -> None:
    sequence = diagram("A message's way")
    assert sequence.startswith("sequenceDiagram")
    assert "alt " in sequence
    assert "next model" in sequence


def test_the_data_diagram_names_every_table_and_no_other() -> None:
    named = {table for pairs in relations().values() for pair in pairs for table in pair}
    assert named == set(metadata.tables)


def test_a_whole_line_is_a_foreign_key_and_a_dotted_one_is_none() -> None:
    keys = {
        frozenset((table.name, key.column.table.name))
        for table in metadata.tables.values()
        for key in table.foreign_keys
    }
    lines = relations()
    assert lines["--"] <= keys
    assert not lines[".."] & keys
    missing = keys - lines["--"]
    assert all("bots" in pair for pair in missing)  # each fact has its bot; the page says so


def test_the_table_of_tables_is_complete() -> None:
    first_cells = re.findall(r"^\| (`.+?) \|", ARCHITECTURE, re.MULTILINE)
    listed = set(re.findall(r"`(\w+)`", " ".join(first_cells)))
    assert set(metadata.tables) <= listed


def test_the_services_diagram_names_every_service_of_production_and_no_other() -> None:
    compose = (REPOSITORY / "docker-compose.prod.yml").read_text()
    services = compose.split("\nservices:\n")[1].split("\nnetworks:\n")[0]
    drawn = set(_NODE.findall(diagram("Services")))
    assert drawn == set(re.findall(r"^  ([\w-]+):$", services, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target, anchor in _LINK.findall(page.read_text()):
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target + anchor)
    assert dead == []


def test_every_alert_has_its_remedy() -> None:
    rules = (REPOSITORY / "deploy/prometheus/alerts.yml").read_text()
    runbooks = re.findall(r"^\s+runbook: (\S+)#(\S+)$", rules, re.MULTILINE)
    assert len(runbooks) == rules.count("- alert:")
    for file, anchor in runbooks:
        assert f"#{anchor}" in anchors(REPOSITORY / file)
