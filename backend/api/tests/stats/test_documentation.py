"""What the description tells of each route: enough to use it without reading the code."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.app import create_app
from core.settings import load

DESCRIPTION = create_app(
    load(None, {"DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none"})
).openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
}


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> Any:
    return OPERATIONS[request.param]


def test_each_route_says_what_it_is_for(operation: Any) -> None:
    assert operation["summary"][0].isupper()
    assert not operation["summary"].endswith(".")
    assert operation["description"].endswith(".")


def test_each_error_has_an_example_of_each_code(operation: Any) -> None:
    for status, answer in operation["responses"].items():
        if status < "400" or "application/problem+json" not in answer["content"]:
            continue
        for code, example in answer["content"]["application/problem+json"]["examples"].items():
            assert example["value"]["code"] == code
            assert example["value"]["status"] == int(status)
            assert example["value"]["detail"].endswith((".", "body")), code


def test_each_parameter_has_an_example_or_a_list_of_values(operation: Any) -> None:
    wanting = [
        parameter["name"]
        for parameter in operation.get("parameters", [])
        if not has_example(parameter) and not has_example(parameter["schema"])
    ]
    assert wanting == []


def test_each_parameter_says_what_it_means(operation: Any) -> None:
    parameters = operation.get("parameters", [])
    assert [one["name"] for one in parameters if not one.get("description")] == []


def test_each_answer_has_an_example(operation: Any) -> None:
    [(_, answer)] = [one for one in operation["responses"].items() if one[0] < "300"]
    for content in answer.get("content", {}).values():
        assert has_example(content) or has_example(content.get("schema", {}))


def has_example(described: Any) -> bool:
    """Of its own, by its default or its values, or in one of its parts."""
    if any(name in described for name in ("example", "examples", "default", "enum", "const")):
        return described.get("default", "") is not None
    return any(has_example(part) for part in parts(described))


def parts(schema: Any) -> Iterator[Any]:
    if reference := schema.get("$ref"):
        yield DESCRIPTION["components"]["schemas"][reference.rpartition("/")[2]]
    yield from schema.get("anyOf", [])
    yield from schema.get("properties", {}).values()
    if "items" in schema:
        yield schema["items"]
