"""A person at the chat page says what they think of an answer, and the bot hears of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from backend.simulator.tests.chat.conftest import bubbles, write

if TYPE_CHECKING:
    from backend.simulator.tests.chat.conftest import Bot, Complaints, OpenPage
    from playwright.sync_api import Locator, Page

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (uv sync --group browser)"
)
expect = sync_api.expect
pytestmark = pytest.mark.browser


@pytest.fixture
def asking_bot(bot: Bot) -> Bot:
    """A bot that wants to know of reactions."""
    bot.call("getUpdates", allowed_updates=["message", "message_reaction", "my_chat_member"])
    return bot


def toggle(page: Page, name: str) -> Locator:
    """Find it below the newest message; its name may go on with a count."""
    return page.locator(".row").last.get_by_role("button", name=re.compile(f"^{name}"))


def emoji(reactions: list[dict[str, Any]]) -> list[str]:
    return [reaction["emoji"] for reaction in reactions]


class TestInPrivate:
    def test_a_like_is_given_changed_and_taken_back(
        self, asking_bot: Bot, open_page: OpenPage
    ) -> None:
        bot, user = asking_bot, asking_bot.user("Ada")
        page = open_page(user)
        sent = bot.call("sendMessage", chat_id=user, text="An answer")
        like, dislike = toggle(page, "Like"), toggle(page, "Dislike")
        expect(like).to_have_attribute("aria-pressed", "false")
        steps = [(like, [], ["👍"]), (dislike, ["👍"], ["👎"]), (dislike, ["👎"], [])]
        for button, former, now in steps:
            button.click()
            expect(button).to_have_attribute("aria-pressed", str(bool(now)).lower())
            heard = bot.update("message_reaction")
            assert (heard["message_id"], heard["user"]["id"]) == (sent["message_id"], user)
            assert (emoji(heard["old_reaction"]), emoji(heard["new_reaction"])) == (former, now)
        expect(like).to_have_attribute("aria-pressed", "false")

    def test_the_keyboard_is_enough(self, asking_bot: Bot, open_page: OpenPage) -> None:
        bot, user = asking_bot, asking_bot.user("Ada")
        page = open_page(user)
        bot.call("sendMessage", chat_id=user, text="An answer")
        toggle(page, "Like").focus()
        expect(toggle(page, "Like")).to_be_focused()
        page.keyboard.press("Tab")
        expect(toggle(page, "Dislike")).to_be_focused()
        page.keyboard.press("Space")
        assert emoji(bot.update("message_reaction")["new_reaction"]) == ["👎"]
        expect(toggle(page, "Dislike")).to_have_attribute("aria-pressed", "true")
        expect(toggle(page, "Dislike")).to_be_focused()
        page.keyboard.press("Enter")
        assert bot.update("message_reaction")["new_reaction"] == []
        expect(toggle(page, "Dislike")).to_be_focused()

    def test_it_is_still_there_when_the_page_is_opened_again(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        bot.call("sendMessage", chat_id=user, text="An answer")
        toggle(page, "Like").click()
        expect(toggle(page, "Like")).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(toggle(page, "Like")).to_have_attribute("aria-pressed", "true")

    def test_it_stands_below_the_last_part_of_an_answer_and_below_no_question(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        write(page, "Tell me")
        for text in ("One part", "and another"):
            bot.call("sendMessage", chat_id=user, text=text)
        expect(bubbles(page)).to_have_count(3)
        expect(page.get_by_role("group", name="Reactions")).to_have_count(1)
        expect(toggle(page, "Like")).to_be_visible()

    def test_one_that_is_refused_says_so(
        self, bot: Bot, open_page: OpenPage, complaints: Complaints
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        bot.call("sendMessage", chat_id=user, text="An answer")
        complaints.is_outage = True
        page.route("**/reaction", lambda route: route.abort())
        toggle(page, "Like").click()
        expect(page.get_by_role("alert")).to_contain_text("The simulator does not answer")
        expect(toggle(page, "Like")).to_have_attribute("aria-pressed", "false")


class TestInGroups:
    def test_everybody_sees_them_and_an_administrator_hears(
        self, asking_bot: Bot, open_page: OpenPage
    ) -> None:
        bot = asking_bot
        ada, bob = bot.user("Ada"), bot.user("Bob")
        group = bot.group("Chess", ada, bob)
        of_ada, of_bob = open_page(ada, group), open_page(bob, group)
        of_ada.get_by_role("button", name="Chat menu").click()
        of_ada.get_by_role("menuitem", name="Make the bot an administrator").click()
        bot.update("my_chat_member")
        assert bot.update("my_chat_member")["new_chat_member"]["status"] == "administrator"
        message = bot.call("sendMessage", chat_id=group, text="White begins")
        for page in (of_ada, of_bob):
            toggle(page, "Like").click()
        expect(toggle(of_ada, "Like, 2")).to_have_attribute("aria-pressed", "true")
        heard = {bot.update("message_reaction")["user"]["id"] for _ in range(2)}
        assert heard == {ada, bob}

        path = f"/people/chats/{group}/messages/{message['message_id']}/reaction"
        bot.client.post(path, json={"user_id": bob, "emoji": ["🔥"]}).raise_for_status()
        expect(toggle(of_ada, "🔥, 1")).to_have_attribute("aria-pressed", "false")
        expect(toggle(of_ada, "Like, 1")).to_have_attribute("aria-pressed", "true")
