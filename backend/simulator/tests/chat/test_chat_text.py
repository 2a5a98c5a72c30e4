"""Entities become elements; text of any kind stays text and inside its bubble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backend.simulator.tests.chat.conftest import Bot, OpenPage

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (uv sync --group browser)"
)
expect = sync_api.expect
pytestmark = pytest.mark.browser


def entity(text: str, part: str, kind: str, **fields: Any) -> dict[str, Any]:
    """Return the entity of the first `part` in the text, in UTF-16 units."""
    offset = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2, **fields}


def html_of(bot: Bot, open_page: OpenPage, text: str, entities: list[dict[str, Any]]) -> str:
    """Return the markup of the bubble's text, without its time."""
    user = bot.user("Ada")
    page = open_page(user)
    bot.call("sendMessage", chat_id=user, text=text, entities=entities)
    words = page.locator(".row .text").last
    expect(words).to_be_visible()
    markup: str = words.evaluate(
        "text => { const copy = text.cloneNode(true); copy.querySelector('.meta').remove();"
        " return copy.innerHTML }"
    )
    return markup


class TestEntities:
    def test_a_style_is_an_element(self, bot: Bot, open_page: OpenPage) -> None:
        text = "😀 bold italic underlined struck code quoted"
        entities = [
            entity(text, "bold", "bold"),
            entity(text, "italic", "italic"),
            entity(text, "underlined", "underline"),
            entity(text, "struck", "strikethrough"),
            entity(text, "code", "code"),
            entity(text, "quoted", "blockquote"),
        ]
        assert html_of(bot, open_page, text, entities) == (
            "😀 <strong>bold</strong> <em>italic</em> <u>underlined</u> <s>struck</s>"
            ' <code class="code">code</code> <blockquote>quoted</blockquote>'
        )

    def test_entities_nest_and_a_crossing_one_is_split(self, bot: Bot, open_page: OpenPage) -> None:
        text = "one two three four"
        entities = [
            entity(text, "one two three", "bold"),
            entity(text, "two", "underline"),
            entity(text, "three four", "italic"),
        ]
        assert html_of(bot, open_page, text, entities) == (
            "<strong>one <u>two</u> <em>three</em></strong><em> four</em>"
        )

    def test_code_says_its_language_and_can_be_copied(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        text = "Run:\nprint('<b>')\nDone"
        code = entity(text, "print('<b>')", "pre", language="python")
        bot.call("sendMessage", chat_id=user, text=text, entities=[code])
        expect(page.locator("figcaption span")).to_have_text("python")
        expect(page.locator("pre code")).to_have_text("print('<b>')")
        page.locator("figure").get_by_role("button", name="Copy").click()
        expect(page.locator(".toast")).to_contain_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == "print('<b>')"

    def test_a_spoiler_opens_on_a_click(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        spoiler = entity("He did it", "He", "spoiler")
        sent = bot.call("sendMessage", chat_id=user, text="He did it", entities=[spoiler])
        hidden = page.locator(".spoiler")
        expect(hidden).to_have_css("color", "rgba(0, 0, 0, 0)")
        hidden.click()
        expect(hidden).not_to_have_css("color", "rgba(0, 0, 0, 0)")
        place = {"chat_id": user, "message_id": sent["message_id"]}
        bot.call("editMessageText", **place, text="He did it!", entities=[spoiler])
        expect(page.locator(".text").last).to_contain_text("!")
        expect(hidden).not_to_have_css("color", "rgba(0, 0, 0, 0)")

    def test_a_command_is_sent_by_a_click(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        command = entity("Try /help", "/help", "bot_command")
        bot.call("sendMessage", chat_id=user, text="Try /help", entities=[command])
        page.get_by_role("button", name="/help").click()
        assert bot.update("message")["text"] == "/help"

    def test_a_link_opens_elsewhere(self, bot: Bot, open_page: OpenPage) -> None:
        text = "a link and example.org/x"
        html = html_of(
            bot,
            open_page,
            text,
            [
                entity(text, "link", "text_link", url="https://example.org/?a=1&b=2"),
                entity(text, "example.org/x", "url"),
            ],
        )
        assert html.count('target="_blank" rel="noopener noreferrer nofollow"') == 2
        assert 'href="https://example.org/?a=1&amp;b=2"' in html
        assert 'href="https://example.org/x"' in html

    def test_a_long_quotation_folds(self, bot: Bot, open_page: OpenPage) -> None:
        user = bot.user("Ada")
        page = open_page(user)
        text = "\n".join(f"line {number}" for number in range(12))
        folded = entity(text, text, "expandable_blockquote")
        bot.call("sendMessage", chat_id=user, text=text, entities=[folded])
        quotation = page.locator("blockquote")
        low = quotation.bounding_box()
        page.get_by_role("button", name="Show all").click()
        high = quotation.bounding_box()
        assert low
        assert high
        assert high["height"] > 2 * low["height"]


HOSTILE = [
    '<script>document.title = "owned"</script>',
    '"><img src=x onerror="document.title=1">',
    "\u202egnirts desrever\u202c then \u2066isolated",
    "a" * 3000,
    "Z\u0300\u0301\u0302\u0303" * 100,
    "{{constructor.constructor('alert(1)')()}} ${7*7} &lt;b&gt;",
]


class TestHostileText:
    @pytest.mark.parametrize("width", [360, 1200])
    def test_it_is_shown_as_it_is_and_stays_in_place(
        self, bot: Bot, open_page: OpenPage, width: int
    ) -> None:
        user = bot.user("🦊" * 60, last_name="<i>x</i>")
        page = open_page(user, width=width)
        for text in HOSTILE:
            bot.call("sendMessage", chat_id=user, text=text)
        expect(page.locator(".row .text")).to_have_count(len(HOSTILE))
        for shown, text in zip(page.locator(".row .text").all(), HOSTILE, strict=True):
            assert shown.inner_text().startswith(text)
        assert page.title() == "Parley simulator"
        assert page.locator("#rows script, #rows img").count() == 0
        sideways = "e => e.scrollWidth > e.clientWidth"
        assert not page.locator("html").evaluate(sideways)
        assert not page.get_by_role("log").evaluate(sideways)

    def test_an_address_that_is_not_one_to_follow_is_plain_text(
        self, bot: Bot, open_page: OpenPage
    ) -> None:
        """The page must not count on a server that refuses such entities."""
        page = open_page(bot.user("Ada"))
        markup = page.evaluate(
            "async urls => { const { renderText } = await import('/chat/entities.js');"
            " return urls.map(url => { const div = document.createElement('div');"
            " const link = { type: 'text_link', offset: 0, length: 2, url };"
            " div.append(renderText('go', [link])); return div.innerHTML }) }",
            ["javascript:alert(1)", "data:text/html,x", "//", "file:///x", "tg://user?id=1"],
        )
        assert markup[:4] == ["<span>go</span>"] * 4
        assert 'href="tg://user?id=1"' in markup[4]
