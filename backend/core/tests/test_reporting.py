"""What leaves for Sentry, read where it arrives."""

import json
import subprocess
import sys
from typing import Any

import pytest
from backend.conftest import Collector

from core import reporting
from core.errors import StartupError
from core.settings import Settings, load

SECRET = "my doctor says"


@pytest.fixture
def settings(collector: Collector) -> Settings:
    dsn = collector.url.replace("://", "://key@") + "/1"
    return load(None, {"ENVIRONMENT": "development", "SENTRY_DSN": dsn})


def events(collector: Collector) -> list[dict[str, Any]]:
    """An envelope is a line about itself, a line about its item, and the item."""
    return [json.loads(posted.body.splitlines()[2]) for posted in collector.posted]


def answer(question: str) -> None:
    wanted = {"text": question}
    try:
        int(question)
    except ValueError as error:
        failure = RuntimeError(question, wanted)
        failure.add_note(f"while answering {question}")
        raise failure from error


def test_a_report_tells_type_and_place_and_nothing_that_was_said(
    collector: Collector, settings: Settings
) -> None:
    with reporting.on(settings, "bot"):
        try:
            answer(SECRET)
        except RuntimeError as error:
            reporting.report(error, kind="message")
    [event] = events(collector)
    cause, failure = event["exception"]["values"]
    assert (cause["type"], failure["type"]) == ("ValueError", "RuntimeError")
    assert failure["stacktrace"]["frames"][-1]["function"] == "answer"
    assert event["tags"] == {"program": "bot", "kind": "message"}
    assert event["environment"] == "development"
    assert event["release"].startswith("parley-bot@")
    assert SECRET not in collector.text


def test_of_a_group_each_error_is_told(collector: Collector, settings: Settings) -> None:
    with reporting.on(settings, "bot"):
        reporting.report(ExceptionGroup(SECRET, [KeyError(SECRET), OSError(2, SECRET, SECRET)]))
    [event] = events(collector)
    kinds = {error["type"] for error in event["exception"]["values"]}
    assert kinds == {"ExceptionGroup", "KeyError", "FileNotFoundError"}
    assert SECRET not in collector.text


def test_what_ends_the_program_is_reported(collector: Collector, settings: Settings) -> None:
    with pytest.raises(RuntimeError), reporting.on(settings, "api"):
        answer(SECRET)
    assert [event["tags"]["program"] for event in events(collector)] == ["api"]


def test_a_sentence_for_the_operator_is_no_report(collector: Collector, settings: Settings) -> None:
    with pytest.raises(StartupError), reporting.on(settings, "bot"):
        raise StartupError("DATABASE_URL is not set.")
    assert collector.posted == []


def test_a_wrong_address_is_refused_by_name() -> None:
    settings = load(None, {"SENTRY_DSN": "https://sentry.example.org/no-key"})
    with pytest.raises(StartupError, match="SENTRY_DSN is wrong"), reporting.on(settings, "bot"):
        pytest.fail("it was believed")


def test_without_an_address_nothing_is_imported() -> None:
    code = (
        "import sys; from core import reporting, tracing; from core.settings import load\n"
        "with reporting.on(load(None, {}), 'bot'), tracing.on(load(None, {}), 'bot'):\n"
        "    reporting.report(ValueError())\n"
        "    tracing.start('step').end()\n"
        "print(sorted({'sentry_sdk', 'opentelemetry'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
