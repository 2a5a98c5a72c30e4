"""A person at the chat page, a bot on the other side, the real simulator between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from backend.simulator.tests.chat.conftest import bubbles, write

if TYPE_CHECKING:
    from backend.simulator.tests.chat.conftest import Bot, Complaints, OpenPage
    from playwright.sync_api import Page

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (uv sync --group browser)"
)
expect = sync_api.expect
pytestmark = pytest.mark.browser

COMMANDS = [
    {"command": "start", "description": "Begin"},
    {"command": "help", "description": "What I can do"},
]


class TestTalking:
    def test_a_question_reaches_the_bot_and_its_answer_comes_back(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        expect(page.get_by_role("heading", name="Ask anything")).to_be_visible()
        write(page, "Hello\nthere")
        assert bot.update("message")["text"] == "Hello\nthere"
        bot.call("sendChatAction", chat_id=user, action="typing")
        expect(page.locator("#doing")).to_contain_text("is typing…")
        bot.call("sendMessage", chat_id=user, text="Hello, Ada")
        expect(bubbles(page)).to_have_count(2)
        expect(bubbles(page).last).to_contain_text("Hello, Ada")
        expect(page.locator("#doing")).to_be_hidden()
        expect(page.locator("#announcer")).to_contain_text("Hello, Ada")
        expect(page.locator("#chats .chat-last")).to_have_text("Hello, Ada")

    def test_an_example_prompt_is_sent_as_it_reads(self, bot: Bot, open_page: OpenPage) -> None:
        page = open_page(bot.user("Ada"))
        page.get_by_role("button", name="Compare Python and Go in a table").click()
        assert bot.update("message")["text"] == "Compare Python and Go in a table"
        expect(page.locator("#empty")).to_be_hidden()

    def test_the_slash_menu_sends_the_chosen_command(self, bot: Bot, open_page: OpenPage) -> None:
        bot.call("setMyCommands", commands=COMMANDS)
        page = open_page(bot.user("Ada"))
        field = page.get_by_role("combobox", name="Message")
        field.press_sequentially("/")
        expect(page.get_by_role("option")).to_have_count(2)
        field.press("ArrowDown")
        field.press("Enter")
        assert bot.update("message")["text"] == "/help"
        expect(field).to_have_value("")

    def test_reply_and_edit_from_the_keyboard(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        write(page, "frist")
        first = bot.update("message")
        expect(bubbles(page)).to_contain_text("frist")
        field = page.get_by_role("combobox", name="Message")
        field.press("ArrowUp")
        expect(page.locator("#about")).to_contain_text("Edit message")
        field.press("Escape")
        expect(page.locator("#about")).to_be_hidden()
        expect(field).to_have_value("")
        field.press("ArrowUp")
        expect(field).to_have_value("frist")
        write(page, "first")
        edited = bot.update("edited_message")
        assert (edited["message_id"], edited["text"]) == (first["message_id"], "first")
        expect(bubbles(page).first).to_contain_text("edited")

        row = page.locator(f'[data-message-id="{first["message_id"]}"]')
        row.click(button="right")
        page.get_by_role("menuitem", name="Reply").click()
        write(page, "second")
        assert bot.update("message")["reply_to_message"]["message_id"] == first["message_id"]
        expect(page.locator(".quote")).to_contain_text("first")

    def test_a_blocked_bot_cannot_be_written_to_until_it_is_unblocked(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        page = open_page(bot.user("Ada"))
        page.get_by_role("button", name="Chat menu").click()
        page.get_by_role("menuitem", name="Block the bot").click()
        expect(page.get_by_role("combobox", name="Message")).to_be_hidden()
        page.reload()
        expect(page.get_by_text("You blocked the bot.")).to_be_visible()
        page.get_by_role("button", name="Unblock").click()
        expect(page.get_by_role("combobox", name="Message")).to_be_visible()

    def test_a_message_that_is_refused_says_so_and_comes_back_to_the_field(
        self, bot: Bot, open_page: OpenPage, complaints: Complaints
    ) -> None:
        page = open_page(bot.user("Ada"))
        complaints.is_outage = True
        page.route("**/people/chats/*/messages", lambda route: route.abort())
        write(page, "do not lose me")
        expect(page.get_by_role("alert")).to_contain_text("The simulator does not answer")
        expect(page.get_by_role("combobox", name="Message")).to_have_value("do not lose me")


class TestStreaming:
    def test_a_draft_grows_and_its_message_takes_its_place(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        write(page, "Tell me")
        draft = {"chat_id": user, "draft_id": 7, "can_stop": True}
        bot.call("sendMessageDraft", **draft, text="")
        row = page.locator(".row.draft")
        expect(row).to_contain_text("Thinking…")
        for text in ("Once", "Once upon", "Once upon a time"):
            bot.call("sendMessageDraft", **draft, text=text)
            expect(row.locator(".text")).to_contain_text(text)
        before = row.locator(".bubble").bounding_box()
        bot.call("sendMessage", chat_id=user, text="Once upon a time")
        expect(row).to_have_count(0)
        expect(bubbles(page)).to_have_count(2)
        assert page.locator(".bubble").last.bounding_box() == before

    def test_stop_tells_the_bot(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        write(page, "Tell me")
        bot.call("sendMessageDraft", chat_id=user, draft_id=7, text="Once", can_stop=True)
        page.get_by_role("button", name="Stop", exact=True).click()
        assert bot.update("stopped_message_generation")
        expect(page.locator("#stop")).to_be_hidden()
        expect(page.locator(".row.draft")).to_have_count(0)

    def test_a_draft_that_cannot_be_stopped_offers_no_button(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        bot.call("sendMessageDraft", chat_id=user, draft_id=7, text="Once")
        expect(page.locator(".row.draft")).to_contain_text("Once")
        expect(page.locator("#stop")).to_be_hidden()

    def test_a_page_opened_meanwhile_shows_the_draft(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        bot.call("sendMessageDraft", chat_id=user, draft_id=7, text="Once", can_stop=True)
        page = open_page(user)
        expect(page.locator(".row.draft")).to_contain_text("Once")


KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "yes", "style": "success"}],
        [
            {"text": "Site", "url": "https://example.org/a"},
            {"text": "Copy", "copy_text": {"text": "ABC-1"}},
        ],
    ]
}


class TestButtons:
    @pytest.fixture
    def page(self, bot: Bot, open_page: OpenPage) -> Page:
        user = bot.user("Ada")
        page = open_page(user)
        bot.call("sendMessage", chat_id=user, text="Well?", reply_markup=KEYBOARD)
        return page

    def test_a_press_reaches_the_bot_and_its_answer_is_shown(self, bot: Bot, page: Page) -> None:
        button = page.get_by_role("button", name="Yes")
        button.click()
        query = bot.update("callback_query")
        assert query["data"] == "yes"
        expect(button).to_have_attribute("aria-busy", "true")
        bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
        expect(page.locator(".toast")).to_contain_text("Noted")
        expect(button).not_to_have_attribute("aria-busy", "true")

    def test_an_alert_waits_to_be_read(self, bot: Bot, page: Page) -> None:
        page.get_by_role("button", name="Yes").click()
        query = bot.update("callback_query")
        answer = {"callback_query_id": query["id"], "text": "Read this", "show_alert": True}
        bot.call("answerCallbackQuery", **answer)
        expect(page.get_by_role("dialog")).to_contain_text("Read this")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)

    def test_an_edit_takes_the_buttons_away(self, bot: Bot, page: Page) -> None:
        page.get_by_role("button", name="Yes").click()
        message = bot.update("callback_query")["message"]
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        bot.call("editMessageText", **place, text="Chosen")
        expect(bubbles(page).last).to_contain_text("Chosen")
        expect(page.locator(".key")).to_have_count(0)

    def test_links_open_elsewhere_and_copies_land_in_the_clipboard(self, page: Page) -> None:
        site = page.get_by_role("link", name="Site")
        expect(site).to_have_attribute("target", "_blank")
        expect(site).to_have_attribute("rel", "noopener noreferrer nofollow")
        page.get_by_role("button", name="Copy").click()
        expect(page.locator(".toast")).to_contain_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == "ABC-1"
