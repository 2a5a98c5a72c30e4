"""Rows 20 and 30: one account of two cannot be reached, or is refused."""

import json
from typing import Any

from ..conftest import Program
from .fault import fault
from .world import LARGE, SMALL, World

CODE = "parley/demo-code"
#: dollars for a million tokens, as the simulator bills them
PRICES = {LARGE: (2, 8), CODE: (1, 4), SMALL: (0.2, 0.8)}
MODELS = """
[credentials.first]
provider = "local"
base_url = "{first}/api/v1"
key = "FIRST_KEY"

[credentials.second]
provider = "local"
base_url = "{second}/api/v1"
key = "SECOND_KEY"
{targets}
[chains]
default = {chain}
"""
TARGET = """
[targets."{model}"]
credential = "{credential}"
model = "{model}"
window = 32000
prices = [{{ from = 2025-01-01, prompt = {prompt}, completion = {completion} }}]
"""


def two_accounts(world: World, first: str, *models: str) -> dict[str, str]:
    """Settings: these models of an account at this address, then the small one of another."""
    targets = [
        TARGET.format(
            model=model,
            credential="second" if model == SMALL else "first",
            prompt=prompt,
            completion=completion,
        )
        for model, (prompt, completion) in PRICES.items()
        if model in {*models, SMALL}
    ]
    path = world.folder / "models.toml"
    path.write_text(
        MODELS.format(
            first=first,
            second=world.base,
            targets="".join(targets),
            chain=json.dumps([*models, SMALL]),
        )
    )
    keys = {"FIRST_KEY": "simulator-key", "SECOND_KEY": "simulator-key"}
    return {"MODELS_FILE": str(path), **keys}


#: why an account rests, and for how many seconds, more or less
REASONS = {401: ("key_refused", 600), 402: ("no_credit", 300), 403: ("key_refused", 600)}


async def targets_of(world: World) -> list[str]:
    rows = await world.query("SELECT target FROM llm_attempts ORDER BY created_at")
    return [target for (target,) in rows]


async def accounts(world: World, bot: Program) -> list[dict[str, Any]]:
    """What the bot tells operators of its accounts."""
    async with world.http.get(f"{world.address(bot)}/health") as response:
        assert "simulator-key" not in await response.text()
        told: list[dict[str, Any]] = (await response.json())["accounts"]
        return told


@fault(
    20,
    "A provider refuses connections, or has no address",
    how="a proxy before the first of two accounts; a name that does not exist",
)
async def test_provider_unreachable(world: World) -> str:
    why = world.chance.each("refused", "no such host")
    cable, url = await world.cable(world.base)
    await cable.refuse()
    world.variables |= two_accounts(
        world, url if why == "refused" else "http://nobody.invalid", LARGE
    )
    bot = await world.start()
    await world.call("/script/telegram/settings", {"flood_limits": "off"})
    ann = await world.join()
    longest = 0.0
    for _ in range(6):
        asked = await world.ask(ann)
        longest = max(longest, await world.answered(asked) - asked.at)
    tries = (await targets_of(world)).count(LARGE)
    assert longest < 2  # one second for the next target, and the whole way
    assert tries == 3
    marks = "SELECT label FROM stats_marks WHERE kind = 'breaker'"
    assert await world.query(marks) == [(LARGE,)]
    metrics = await world.metrics(bot)
    assert f'llm_breaker_state{{model="{LARGE}",state="open"}} 1.0' in metrics
    assert f'llm_breaker_state{{model="{SMALL}",state="closed"}} 1.0' in metrics
    return (
        f"{why}: answered by the other account within {longest:.1f} s; "
        f"tried for {tries} of 6 questions, then left alone"
    )


@fault(
    30, "401, 402, 403: the account is refused", how="provider script: the first of two accounts"
)
async def test_account_refused(world: World) -> str:
    world.variables |= two_accounts(world, world.base, LARGE, CODE)
    bot = await world.start()
    status = world.chance.each(401, 402, 403)
    body = {"error": {"code": status, "message": "key sk-or-v1-very-secret is wrong"}}
    for model in (LARGE, CODE):
        await world.provider_fault(kind="status", status=status, body=body, model=model, times=None)
    ann = await world.join()
    for _ in range(3):
        await world.answered(await world.ask(ann))
    assert await targets_of(world) == [LARGE, SMALL, SMALL, SMALL]
    assert "very-secret" not in bot.output
    assert bot.output.count('"account first"') == 1
    reason, rest = REASONS[status]
    first, second = await accounts(world, bot)
    assert (first["name"], first["state"], first["reason"]) == ("first", "open", reason)
    assert rest / 2 <= first["rests_seconds"] <= 1.2 * rest
    assert second == {"name": "second", "state": "closed", "rests_seconds": 0, "reason": None}
    refused = f'llm_account_refused{{account="first",reason="{reason}"}} 1.0'
    assert refused in await world.metrics(bot)
    credentials = "SELECT credential, outcome, cost_source FROM llm_attempts ORDER BY created_at"
    assert (await world.query(credentials))[:2] == [
        ("first", "failed", "none"),
        ("second", "answered", "usage"),
    ]
    return f"`{status}`: asked once, told once, then the other account; nobody sees key or words"
