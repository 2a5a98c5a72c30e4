"""The chat page among others: groups, files, lost connections, long conversations."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from backend.simulator.tests.chat.conftest import bubbles, write

if TYPE_CHECKING:
    from pathlib import Path

    from backend.simulator.tests.chat.conftest import Bot, Complaints, OpenPage, Simulator, Wire

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (uv sync --group browser)"
)
expect = sync_api.expect
pytestmark = pytest.mark.browser

#: a PNG of one pixel
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


class TestTogether:
    def test_two_people_and_the_bot_talk_in_a_group(self, bot: Bot, open_page: OpenPage) -> None:
        ada, bob = bot.user("Ada"), bot.user("Bob")
        group = bot.group("Chess", ada, bob)
        of_ada, of_bob = open_page(ada, group), open_page(bob, group)
        expect(of_bob.get_by_role("heading", name="Chess")).to_be_visible()
        write(of_ada, "Shall we play?")
        expect(of_bob.locator(".row.theirs .sender").last).to_have_text("Ada")
        expect(bubbles(of_bob).last).to_contain_text("Shall we play?")
        bot.call("sendMessage", chat_id=group, text="White begins")
        for page in (of_ada, of_bob):
            expect(bubbles(page).last).to_contain_text("White begins")

    def test_a_chat_that_is_not_open_counts_what_is_unread(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        ada, bob = bot.user("Ada"), bot.user("Bob")
        group = bot.group("Chess", ada, bob)
        page = open_page(ada)
        bot.say(group, bob, "one")
        bot.say(group, bob, "two")
        chess = page.locator("#chats li").filter(has_text="Chess")
        expect(chess.locator(".unread")).to_have_text("2")
        chess.get_by_role("link").click()
        expect(bubbles(page).last).to_contain_text("two")
        expect(page.locator(".unread")).to_have_count(0)

    def test_what_was_begun_in_a_chat_waits_there(self, bot: Bot, open_page: OpenPage) -> None:
        ada = bot.user("Ada")
        bot.group("Chess", ada)
        page = open_page(ada)
        field = page.get_by_role("combobox", name="Message")
        field.fill("half a thought")
        page.get_by_role("link", name="Chess").click()
        expect(field).to_have_value("")
        page.get_by_role("link", name="Parley").click()
        expect(field).to_have_value("half a thought")

    def test_people_and_groups_are_made_on_the_page(self, bot: Bot, open_page: OpenPage) -> None:
        ada = bot.user("Ada")
        page = open_page(ada)
        page.get_by_role("button", name="Who you are").click()
        page.get_by_role("button", name="Add a person").click()
        page.get_by_label("First name").fill("Grace")
        page.get_by_role("button", name="Add and switch").click()
        expect(page.locator("#me")).to_contain_text("Grace")
        page.get_by_role("button", name="Who you are").click()
        page.get_by_role("button", name="New group").click()
        page.get_by_label("Title").fill("Compilers")
        page.get_by_label("Ada").check()
        page.get_by_role("button", name="Make the group").click()
        expect(page.get_by_role("heading", name="Compilers")).to_be_visible()
        write(page, "Hello, all")
        message = bot.update("message")
        while "text" not in message:
            message = bot.update("message")
        assert (message["chat"]["title"], message["from"]["first_name"]) == ("Compilers", "Grace")


class TestFiles:
    def test_a_file_goes_up_and_another_comes_down(
        self, bot: Bot, open_page: OpenPage, tmp_path: Path
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        (tmp_path / "notes.txt").write_bytes(b"one, two")
        page.locator("#files").set_input_files(tmp_path / "notes.txt")
        expect(page.locator("#attachments")).to_contain_text("notes.txt")
        write(page, "Look at this")
        message = bot.update("message")
        assert message["caption"] == "Look at this"
        path = bot.call("getFile", file_id=message["document"]["file_id"])["file_path"]
        assert bot.client.get(f"/file/bot42:simulator-token/{path}").content == b"one, two"

        bot.upload("sendDocument", "answer.md", b"three", chat_id=user)
        card = page.locator(".file").last
        expect(card).to_contain_text("answer.md")
        expect(card).to_contain_text("5 B")
        with page.expect_download() as download:
            card.click()
        assert download.value.path().read_bytes() == b"three"

    def test_a_picture_is_shown_in_place(
        self, bot: Bot, open_page: OpenPage, tmp_path: Path
    ) -> None:
        page = open_page(bot.user("Ada"))
        (tmp_path / "dot.png").write_bytes(DOT)
        page.locator("#files").set_input_files(tmp_path / "dot.png")
        write(page, "")
        assert bot.update("message")["photo"]
        shown = page.locator(".bubble img")
        expect(shown).to_be_visible()
        expect(shown).to_have_js_property("naturalWidth", 1)


class TestScreens:
    def test_a_phone_shows_the_list_or_the_conversation(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        page = open_page(bot.user("Ada"), width=360)
        expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
        page.get_by_role("link", name="All chats").click()
        expect(page.get_by_role("log")).to_be_hidden()
        page.get_by_role("navigation", name="Chats").get_by_role("link").click()
        expect(page.get_by_role("log")).to_be_visible()

    def test_the_chosen_theme_is_kept(self, bot: Bot, open_page: OpenPage) -> None:
        page = open_page(bot.user("Ada"))
        root = page.locator("html")
        expect(root).to_have_css("color-scheme", "light dark")
        page.get_by_role("button", name="Dark theme").click()
        page.reload()
        expect(root).to_have_css("color-scheme", "dark")
        expect(page.get_by_role("button", name="Dark theme")).to_have_attribute(
            "aria-pressed", "true"
        )


class TestReconnecting:
    def test_what_was_said_while_the_line_was_cut_is_fetched(
        self, bot: Bot, open_page: OpenPage, wire: Wire, complaints: Complaints
    ) -> None:
        user = bot.user("Ada")
        page = open_page(user, base=wire.url)
        bot.call("sendMessage", chat_id=user, text="before")
        expect(bubbles(page)).to_have_count(1)
        complaints.is_outage = True
        wire.cut()
        expect(page.get_by_text("Reconnecting…")).to_be_visible()
        bot.call("sendMessage", chat_id=user, text="meanwhile")
        wire.mend()
        expect(bubbles(page)).to_have_count(2)
        expect(page.get_by_text("Reconnecting…")).to_be_hidden()
        bot.call("sendMessage", chat_id=user, text="after")
        expect(bubbles(page).last).to_contain_text("after")

    def test_after_a_restart_the_page_talks_on(
        self, bot: Bot, open_page: OpenPage, simulator: Simulator, complaints: Complaints
    ) -> None:
        page = open_page(bot.user("Ada"))
        complaints.is_outage = True
        simulator.stop()
        expect(page.get_by_text("Reconnecting…")).to_be_visible()
        simulator.start()
        expect(page.get_by_text("Reconnecting…")).to_be_hidden()
        write(page, "Still there?")
        bot.offset = 0
        assert bot.update("message")["text"] == "Still there?"


class TestScrolling:
    def test_reading_further_up_is_not_disturbed(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        for number in range(70):
            bot.call("sendMessage", chat_id=user, text=f"message {number}\n" * 3)
        page = open_page(user)
        expect(bubbles(page)).to_have_count(50)
        log = page.get_by_role("log")
        place = page.locator(".row").filter(has_text="message 40")
        place.evaluate("row => row.scrollIntoView({block: 'center'})")
        before = place.bounding_box()
        bot.call("sendMessage", chat_id=user, text="news")
        pill = page.get_by_role("button", name="1 new message, go to the end")
        expect(pill).to_be_visible()
        assert place.bounding_box() == before

        log.evaluate("log => { log.scrollTop = 0 }")
        expect(bubbles(page)).to_have_count(71)
        expect(page.locator(".row").filter(has_text="message 20")).to_be_in_viewport()
        pill.click()
        expect(bubbles(page).last).to_be_in_viewport()
        expect(pill).to_be_hidden()
