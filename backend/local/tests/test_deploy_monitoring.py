"""Whether what deploy/ watches is really there: rules and dashboards against a running product."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml  # type: ignore[import-untyped]  # comes with other tools of ours, without its types
from prometheus_client.parser import text_string_to_metric_families

from .watched import (
    DASHBOARDS,
    DEPLOY,
    REPOSITORY,
    RULES,
    TARGET_LABELS,
    alerts,
    expressions,
    panels,
    selectors,
)

GUIDES = REPOSITORY / "docs" / "guides"
#: of Prometheus itself and of programs that are not ours
FOREIGN = re.compile(r"up|ALERTS|(alertmanager|node|parley_backup)_\w+")


class TestSelectors:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("max(a_b) > 1e6", {"a_b": ()}),
            ('a{x="1", y=~"2|3"} / b', {"a": (("x", "1"), ("y", None)), "b": ()}),
            ("sum by (le, q) (rate(a_bucket[5m]))", {"a_bucket": (("le", None), ("q", None))}),
            ("max(a) > max(a offset 15m) unless b", {"a": (), "b": ()}),
        ],
    )
    def test_a_metric_is_found_with_its_labels(
        self, expression: str, expected: dict[str, Any]
    ) -> None:
        assert {found.name: found.labels for found in selectors(expression)} == expected


@pytest.fixture(scope="module")
def exported(
    module_database_url: str,
    make_port: Callable[[], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[dict[str, list[Mapping[str, str]]]]:
    """The labels of the series of each metric, after one question."""
    names = ("PARLEY_PG_PORT", "SIMULATOR_PORT", "BOT_PORT", "API_PORT", "METRICS_PORT")
    ports = {name: str(make_port()) for name in names}
    base = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    up = subprocess.Popen(
        [sys.executable, "-m", "local", "up"],
        env={**os.environ, **ports, "DATABASE_URL": module_database_url, "NO_COLOR": "1"},  # noqa: TID251 - a child inherits it
        cwd=tmp_path_factory.mktemp("monitoring"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert up.stdout is not None
        read: list[str] = []
        while "Ctrl-C" not in (line := up.stdout.readline()):
            assert up.poll() is None, read
            read.append(line)
        _ask(base["SIMULATOR_PORT"])
        httpx2.get(f"{base['API_PORT']}/api/v1/health")
        report = {"csp-report": {"effective-directive": "img-src"}}
        httpx2.post(f"{base['API_PORT']}/api/v1/csp-report", json=report)
        found: dict[str, list[Mapping[str, str]]] = {}
        for port in ("BOT_PORT", "METRICS_PORT"):
            text = httpx2.get(f"{base[port]}/metrics").text
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    found.setdefault(sample.name, []).append(sample.labels)
        yield found
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=60)
    assert up.returncode == 0


class TestRunning:
    """Everything that is asked for is exported."""

    def test_every_metric_and_label_that_is_asked_for_exists(
        self, exported: dict[str, list[Mapping[str, str]]]
    ) -> None:
        missing = [
            (place, found.name, label, value)
            for place, expression in expressions().items()
            for found in selectors(expression)
            if not FOREIGN.fullmatch(found.name)
            for label, value in [("", None), *found.labels]
            if label not in TARGET_LABELS and not _has(exported.get(found.name), label, value)
        ]
        assert missing == []

    def test_the_metrics_that_the_guides_promise_exist(
        self, exported: dict[str, list[Mapping[str, str]]]
    ) -> None:
        guide = (GUIDES / "monitoring.md").read_text()
        promised = re.findall(r"^\| `([a-z_]+)`", guide, re.MULTILINE)
        assert len(promised) > 20
        bare = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported}
        assert [name for name in promised if name not in bare and not FOREIGN.fullmatch(name)] == []


def _ask(simulator: str) -> None:
    user = httpx2.post(f"{simulator}/people/users", json={"first_name": "Ann"}).json()
    chat = f"{simulator}/people/chats/{user['id']}/messages"
    httpx2.post(chat, json={"user_id": user["id"], "text": "Hello"}).raise_for_status()
    while not any(message["from"]["is_bot"] for message in httpx2.get(chat).json()["messages"]):
        pass


def _has(series: list[Mapping[str, str]] | None, label: str, value: str | None) -> bool:
    if not label:
        return bool(series)
    return any(label in one and value in {None, one[label]} for one in series or [])


class TestAlerts:
    def test_each_says_what_it_means_and_where_to_read_on(self) -> None:
        for rule in alerts():
            assert rule["labels"]["severity"] in {"critical", "warning"}
            assert rule["annotations"].keys() == {"summary", "description", "runbook"}
            runbook = rule["annotations"]["runbook"]
            assert runbook.startswith("docs/guides/troubleshooting.md#")

    def test_each_is_tried_out(self) -> None:
        cases = yaml.safe_load(RULES.with_name("alerts.test.yml").read_text())["tests"]
        fired = {
            check["alertname"]
            for case in cases
            for check in case["alert_rule_test"]
            if check["exp_alerts"]
        }
        assert fired == {rule["alert"] for rule in alerts()}

    def test_the_guide_lists_each(self) -> None:
        listed = set(re.findall(r"`(Parley\w+)`", (GUIDES / "monitoring.md").read_text()))
        assert listed == {rule["alert"] for rule in alerts()}

    def test_what_to_do_is_written_down(self) -> None:
        if not (GUIDES / "troubleshooting.md").is_file():
            pytest.skip("docs/guides/troubleshooting.md is not written yet")
        titles = re.findall(r"^#+ (.+)$", (GUIDES / "troubleshooting.md").read_text(), re.MULTILINE)
        anchors = {re.sub(r"[^\w-]", "", title.lower().replace(" ", "-")) for title in titles}
        wanted = {rule["annotations"]["runbook"].partition("#")[2] for rule in alerts()}
        assert wanted - anchors == set()


class TestDashboards:
    UNITS = frozenset(
        {"none", "s", "bytes", "Bps", "cpm", "ops", "reqps", "percentunit", "currencyUSD"}
    )

    def test_panels_have_a_unit_and_ask_the_chosen_source(self) -> None:
        for place, panel in panels():
            if panel["type"] == "row":
                continue
            assert panel["fieldConfig"]["defaults"]["unit"] in self.UNITS, place
            for source in [panel, *panel["targets"]]:
                assert source["datasource"]["uid"] == "${datasource}", place

    @pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
    def test_panels_stand_beside_each_other(self, path: Path) -> None:
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(path.read_text())["panels"]:
            at = panel["gridPos"]
            columns = range(at["x"], at["x"] + at["w"])
            cells = set(product(columns, range(at["y"], at["y"] + at["h"])))
            assert not cells & taken, panel["title"]
            assert columns.stop <= 24, panel["title"]
            taken |= cells

    def test_legends_show_what_the_expression_keeps(self) -> None:
        for place, panel in panels():
            for target in panel.get("targets", []):
                shown = set(re.findall(r"{{(\w+)}}", target["legendFormat"])) - TARGET_LABELS
                kept = {name for found in selectors(target["expr"]) for name, _ in found.labels}
                assert shown <= kept, place


class TestTools:
    """What the tools themselves say; Debian has them in prometheus and prometheus-alertmanager."""

    def run(self, *command: str) -> None:
        if not shutil.which(command[0]):
            pytest.skip(f"{command[0]} is not on this machine")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize(
        "command",
        [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")],
        ids=["configuration", "rules"],
    )
    def test_prometheus_understands(
        self, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(DEPLOY / "prometheus")
        self.run("promtool", *command)

    def test_prometheus_understands_the_dashboards(self, tmp_path: Path) -> None:
        rules = [
            {"record": f"panel:{number}", "expr": expression}
            for number, expression in enumerate(expressions().values())
        ]
        path = tmp_path / "rules.yml"
        path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
        self.run("promtool", "check", "rules", str(path))

    @pytest.mark.parametrize("chat", ["", "42", "-1001234567890"])
    def test_alertmanager_understands(self, chat: str, tmp_path: Path) -> None:
        template = (DEPLOY / "alertmanager" / "alertmanager.yml").read_text()
        known = tmp_path / "template.yml"  # Debian's is too old to read a token from a file
        known.write_text(re.sub(r"bot_token_file: .*", 'bot_token: "42:x"', template))
        config = self.start(chat, known, tmp_path)
        routed = yaml.safe_load(config.read_text())
        assert routed["route"]["receiver"] == ("telegram" if chat else "page")
        assert routed["receivers"][1]["telegram_configs"][0]["chat_id"] == int(chat or 1)
        self.run("amtool", "check-config", str(config))

    @pytest.mark.parametrize("chat", ["somebody", "-", "12-3", "1; reboot"])
    def test_a_chat_that_is_none_is_refused(self, chat: str, tmp_path: Path) -> None:
        with pytest.raises(subprocess.CalledProcessError):
            self.start(chat, DEPLOY / "alertmanager" / "alertmanager.yml", tmp_path)

    def start(self, chat: str, template: Path, folder: Path) -> Path:
        config = folder / "alertmanager.yml"
        variables = {"OPERATOR_CHAT_ID": chat, "TEMPLATE": str(template), "CONFIG": str(config)}
        subprocess.run(
            ["sh", DEPLOY / "alertmanager" / "start.sh"],
            env={**os.environ, **variables, "ALERTMANAGER": "true"},  # noqa: TID251 - a child inherits it
            check=True,
            capture_output=True,
        )
        return config
