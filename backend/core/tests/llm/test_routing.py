"""Which chain, account and target a question goes to, error class by error class."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from backend.core.tests.llm.conftest import PROMPT
from backend.core.tests.llm.test_router import Played, ask_router, model, run

from core.llm import errors
from core.llm.errors import AllTargetsFailed, ModelError
from core.llm.fitting import IMAGE_TOKENS
from core.llm.health import JITTER, NO_CREDIT, REFUSED, State
from core.llm.model import AttemptStarted, Image, Prompt, PromptMessage, Role
from core.llm.outlook import Kind
from core.llm.router import Router
from core.llm.scripted import ScriptedModel, Step
from core.llm.target import Chains, Target

LONG = errors.ContextTooLong()
NO = errors.Declined()
DOWN = errors.Unavailable(http_status=503)


def target(name: str, *steps: Step, **more: Any) -> Target:
    return Target(model=model(name, *steps), **{"window": 8192, **more})


def scripts(name: str, *scripts: Sequence[Step], **more: Any) -> Target:
    """A target that plays another script at each call."""
    return Target(model=ScriptedModel(*scripts, name=name), **{"window": 8192, **more})


def ask(*default: Target, prompt: Prompt = PROMPT, **chains: tuple[Target, ...]) -> Played:
    return run(ask_router(Router(Chains(default=default, **chains)), prompt))


def asking(words: str, *history: str, images: tuple[Image, ...] = ()) -> Prompt:
    roles = (Role.USER, Role.ASSISTANT)
    said = [PromptMessage(role=roles[n % 2], content=x) for n, x in enumerate(history)]
    question = PromptMessage(role=Role.USER, content=words, images=images)
    return Prompt(messages=(PromptMessage(role=Role.SYSTEM, content="Be kind."), *said, question))


class TestAccounts:
    """Several targets share an account, and what happens to it."""

    @pytest.mark.parametrize("error", [errors.KeyRefused(), errors.NoCredit()])
    def test_one_that_is_refused_is_left_for_another(self, error: ModelError) -> None:
        first = [target(name, error, credential="work") for name in "ab"]
        router = Router([*first, target("c", "Hi", credential="home")])

        async def story() -> tuple[Played, Played]:
            return await ask_router(router), await ask_router(router)

        before, after = run(story())
        assert (before.asked, before.answer) == (["a", "c"], "Hi")
        assert (after.asked, after.answer) == (["c"], "Hi")

    @pytest.mark.parametrize(
        ("error", "rest"), [(errors.KeyRefused(), REFUSED), (errors.NoCredit(), NO_CREDIT)]
    )
    def test_where_there_is_no_other_the_question_waits(
        self, error: ModelError, rest: float
    ) -> None:
        opened: list[str] = []
        targets = [target(name, error, credential="work") for name in "ab"]
        router = Router(targets, opened=opened.append)
        played = run(ask_router(router))
        assert played.asked == ["a"]
        assert isinstance(played.error, AllTargetsFailed)
        assert played.error.may_pass
        back_in = played.error.back_in.total_seconds()
        assert rest * (1 - JITTER) <= back_in <= rest * (1 + JITTER)
        assert opened == ["account work"]

    def test_that_it_is_refused_says_nothing_about_the_model(self) -> None:
        router = Router([target("a", errors.KeyRefused(), credential="work"), target("b", "Hi")])

        async def story() -> dict[str, State]:
            await ask_router(router)
            return {standing.name: standing.state for standing in router.standings}

        assert run(story()) == {"a": State.CLOSED, "b": State.CLOSED, "work": State.OPEN}

    def test_one_answer_after_its_rest_makes_it_well(self) -> None:
        a = scripts("a", [errors.KeyRefused()], ["Hi"], credential="work")
        router = Router([a, target("b", "Ho")])

        async def story() -> Played:
            await ask_router(router)
            await asyncio.sleep(REFUSED * (1 + JITTER))
            return await ask_router(router)

        assert run(story()).answer == "Hi"
        assert router.accounts["work"].state is State.CLOSED

    def test_a_limit_of_the_whole_account_holds_for_all_its_models(self) -> None:
        played = ask(
            target("a", account_limit(), credential="work"),
            target("b", "Hi", credential="work"),
            target("c", "Ho", credential="home"),
        )
        assert played.asked == ["a", "c"]

    def test_a_limit_of_one_model_does_not(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=60))
        first = target("a", busy, credential="work")
        assert ask(first, target("b", "Hi", credential="work")).asked == ["a", "b"]

    def test_a_limit_of_free_models_leaves_the_others(self) -> None:
        played = ask(
            target("a:free", account_limit(), credential="work", is_free=True),
            target("b:free", "Hi", credential="work", is_free=True),
            target("c", "Ho", credential="work"),
        )
        assert played.asked == ["a:free", "c"]


def account_limit() -> errors.RateLimited:
    error = errors.RateLimited(retry_after=timedelta(seconds=60))
    error.is_account_wide = True
    return error


class TestTooLong:
    DIALOG = asking("And now?", "one " * 100, "two " * 100, "three " * 100, "four " * 100)

    def test_the_same_target_is_asked_once_with_less_of_the_dialog(self) -> None:
        a = ScriptedModel([LONG], ["Hi"], name="a")
        played = ask(Target(model=a, window=8192), target("b", window=100_000), prompt=self.DIALOG)
        assert (played.asked, played.answer) == (["a", "a"], "Hi")
        before, after = a.prompts
        assert before == self.DIALOG
        assert len(after.messages) < len(before.messages)
        assert (after.messages[0], after.question) == (before.messages[0], before.question)

    def test_then_the_chain_for_long_ones_is(self) -> None:
        large = target("large", "Hi", window=100_000)
        played = ask(target("a", LONG), target("b"), context_window=(large,), prompt=self.DIALOG)
        assert played.asked == ["a", "a", "large"]

    def test_without_a_dialog_there_is_nothing_to_leave_out(self) -> None:
        large = target("large", "Hi", window=100_000)
        assert ask(target("a", LONG), context_window=(large,)).asked == ["a", "large"]

    def test_a_question_too_long_for_the_first_goes_to_a_larger_one(self) -> None:
        small, large = target("small", "Hi", window=800), target("large", "Ho", window=9000)
        long = asking("word " * 1000)
        assert ask(small, context_window=(large,), prompt=long).asked == ["large"]
        assert ask(small, large, prompt=long).asked == ["large"]
        assert ask(small, context_window=(large,)).asked == ["small"]

    def test_where_it_is_too_long_for_all_that_is_said(self) -> None:
        assert ask(target("a", LONG)).error is LONG
        played = ask(target("a", window=800), prompt=asking("word " * 1000))
        assert (played.asked, type(played.error)) == ([], errors.ContextTooLong)


class TestDeclined:
    def test_another_policy_is_asked_where_there_is_one(self) -> None:
        played = ask(target("a", NO), target("b", "never"), content_policy=(target("c", "Hi"),))
        assert (played.asked, played.answer) == (["a", "c"], "Hi")

    def test_where_all_decline_that_is_the_answer(self) -> None:
        played = ask(target("a", NO), target("b"), content_policy=(target("c", NO),))
        assert (played.asked, played.error) == (["a", "c"], NO)

    def test_where_the_others_are_down_it_stays_declined(self) -> None:
        played = ask(target("a", NO), content_policy=(target("c", DOWN),))
        assert (played.asked, played.error) == (["a", "c", "c"], NO)


class TestLastResort:
    def test_the_last_attempt_goes_to_it(self) -> None:
        down = [target(name, DOWN) for name in "abc"]
        played = ask(*down, last_resort=(target("local", "Hi"),))
        assert (played.asked, played.answer) == (["a", "b", "local"], "Hi")

    def test_it_comes_after_all_others(self) -> None:
        played = ask(target("a", errors.Gone()), last_resort=(target("local", "Hi"),))
        assert played.asked == ["a", "local"]

    def test_it_is_never_cut_for_being_slow(self) -> None:
        played = ask(target("a", 30, "late"), last_resort=(target("local", 60, "Hi"),))
        assert (played.answer, played.seconds) == ("Hi", 80)

    def test_where_all_others_rest_it_is_asked_at_once(self) -> None:
        a = target("a", errors.RateLimited(retry_after=timedelta(seconds=60)))
        router = Router(Chains(default=(a,), last_resort=(target("local", "Hi"),)))

        async def story() -> Played:
            await ask_router(router)
            return await ask_router(router)

        assert run(story()).asked == ["local"]


class TestBadRequests:
    ODD = errors.BadRequest()

    def test_another_provider_may_like_it(self) -> None:
        first = [target(name, self.ODD, provider="groq") for name in "ab"]
        played = ask(*first, target("c", "Hi", provider="openai"))
        assert played.asked == ["a", "c"]

    def test_two_opinions_are_enough(self) -> None:
        played = ask(*[target(name, self.ODD, provider=name) for name in "abc"])
        assert played.asked == ["a", "b"]


class TestPurpose:
    CODE = asking("```python\nprint(1)\n```\nWhat does this say?")
    PHOTO = Image(mime_type="image/jpeg", data=b"\xff\xd8")

    def test_code_goes_to_the_target_for_code(self) -> None:
        plain, coder = target("plain", "Hi"), target("coder", "Ho", is_for_code=True)
        assert ask(plain, coder, prompt=self.CODE).asked == ["coder"]
        assert ask(plain, coder).asked == ["plain"]

    def test_that_is_no_fallback(self) -> None:
        plain, coder = target("plain", "Hi"), target("coder", "Ho", is_for_code=True)
        (started,) = (
            event
            for event in ask(plain, coder, prompt=self.CODE).events
            if isinstance(event, AttemptStarted)
        )
        assert not started.is_fallback

    def test_others_stand_in_for_it(self) -> None:
        played = ask(target("a", "Hi"), target("b", DOWN, is_for_code=True), prompt=self.CODE)
        assert played.asked == ["b", "a"]

    def test_images_go_to_targets_that_see(self) -> None:
        prompt = asking("What is this?", images=(self.PHOTO,))
        blind, seeing = target("blind"), target("seeing", "A cat", sees_images=True)
        assert ask(blind, seeing, prompt=prompt).asked == ["seeing"]
        assert Router([blind, seeing]).sees_images
        assert not Router([blind]).sees_images

    def test_they_take_room(self) -> None:
        prompt = asking("What is this?", images=(self.PHOTO,))
        seeing = target("seeing", "A cat", sees_images=True, window=IMAGE_TOKENS)
        assert isinstance(ask(seeing, prompt=prompt).error, errors.ContextTooLong)

    def test_where_nobody_sees_that_is_said(self) -> None:
        played = ask(target("blind"), prompt=asking("What is this?", images=(self.PHOTO,)))
        assert (played.asked, type(played.error)) == ([], errors.BadRequest)


class TestBudget:
    """Of 10 % of the calls, and at least 3, in a minute."""

    def test_when_it_is_spent_only_the_first_fallback_is_left(self) -> None:
        spared: list[None] = []
        router = Router(
            [target(name, DOWN) for name in "abcdefgh"], spared=lambda: spared.append(None)
        )

        async def story() -> list[int]:
            return [len((await ask_router(router)).asked) for _ in range(3)]

        # Two calls are made again for the first question, and one for the second makes three.
        assert run(story()) == [3, 2, 2]
        assert len(spared) == 2

    def test_it_is_full_again_after_a_minute(self) -> None:
        router = Router([target(name, DOWN) for name in "abcdefgh"])

        async def story() -> list[int]:
            asked = [len((await ask_router(router)).asked) for _ in range(3)]
            await asyncio.sleep(61)
            return [*asked, len((await ask_router(router)).asked)]

        assert run(story()) == [3, 2, 2, 3]


class TestOutlook:
    def test_all_are_well(self) -> None:
        router = Router([target("a", "Hi"), target("b", "Ho")])
        outlook = run(told(router))
        assert (outlook.is_well, outlook.is_out, outlook.back_in) == (True, False, timedelta())

    def test_some_rest(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=40))
        outlook = run(told(Router([target("a", busy), target("b", "Hi")])))
        assert (outlook.is_well, outlook.is_out, outlook.back_in) == (False, False, timedelta())
        assert (outlook.targets, outlook.resting) == (2, 1)

    def test_all_rest(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=40))
        outlook = run(told(Router([target("a", busy, credential="work")])))
        assert (outlook.is_well, outlook.is_out) == (False, True)
        assert outlook.back_in == timedelta(seconds=40)

    def test_each_is_told_with_its_reason(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=40))
        router = Router(
            [target("a", busy, credential="work"), target("b", errors.KeyRefused(), credential="x")]
        )

        async def story() -> list[tuple[Any, ...]]:
            await ask_router(router)
            return [(x.kind, x.name, x.state, x.reason) for x in router.standings]

        assert run(story()) == [
            (Kind.TARGET, "a", State.CLOSED, "rate_limited"),
            (Kind.TARGET, "b", State.CLOSED, None),
            (Kind.ACCOUNT, "work", State.CLOSED, None),
            (Kind.ACCOUNT, "x", State.OPEN, "key_refused"),
        ]


async def told(router: Router) -> Any:
    await ask_router(router)
    return router.outlook


def test_one_question_tries_a_target_that_was_down() -> None:
    """And others that come at the same time do not."""
    a = ScriptedModel([DOWN], [DOWN], [DOWN], [5.0, "Hi"], name="a")
    router = Router([Target(model=a, window=8192), target("b", "Ho")])

    async def story() -> list[Played]:
        for _ in range(3):
            await ask_router(router)
        await asyncio.sleep(20)
        return list(await asyncio.gather(*[ask_router(router) for _ in range(5)]))

    asked = [played.asked for played in run(story())]
    assert sorted(asked) == [["a"], ["b"], ["b"], ["b"], ["b"]]


def test_many_that_fail_together_are_one_failure_of_a_target_that_rests() -> None:
    """Its rest does not grow with the number of those who wait for it."""
    a = Target(model=model("a", 1.0, DOWN), window=8192)
    router = Router([a, target("b", "Ho")])

    async def story() -> float:
        await asyncio.gather(*[ask_router(router) for _ in range(30)])
        (standing, *_) = router.standings
        return standing.rests.total_seconds()

    assert run(story()) <= 15 * (1 + JITTER)


def test_replacing_a_prompt_keeps_its_images() -> None:
    photo = Image(mime_type="image/png", data=b"png")
    prompt = asking("What is this?", images=(photo,))
    assert replace(prompt, user="x").has_images
    assert "png" not in repr(photo).replace("image/png", "")
