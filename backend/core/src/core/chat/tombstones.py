"""Tombstones outside of the database, and what is done again from them after a restore.

A dump is older than the erasures after it. Their tombstones are kept beside it, a line each:

    bot, key and person in hexadecimal digits, moment of the erasure, with tabs in between

`read` gives those of the database; `replay` erases, in a restored one, everybody whose tombstone it
is given, as far as they are older than it. To replay twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, text

from core.chat import erasure
from core.db.session import Database, ReadSession, Session
from core.db.sql import sql


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Tombstone:
    bot_id: int
    #: with which the person's id was made into `person`
    key: bytes
    person: bytes
    erased_at: datetime

    def __str__(self) -> str:
        moment = self.erased_at.astimezone(UTC).isoformat(timespec="microseconds")
        return f"{self.bot_id}\t{self.key.hex()}\t{self.person.hex()}\t{moment}"


class Unreadable(Exception):
    """A line is no tombstone."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} is no tombstone")


@dataclass(slots=True)
class Replayed:
    tombstones: int = 0
    #: people who were there again
    erased: int = 0
    #: tombstones made with another key than the database's, of people whom it does not know
    strange: int = 0


def parse(lines: Iterable[str]) -> list[Tombstone]:
    """Raises Unreadable; empty lines are passed over."""
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                bot_id, key, person, erased_at = line.rstrip("\n").split("\t")
                found.append(
                    Tombstone(
                        bot_id=int(bot_id),
                        key=bytes.fromhex(key),
                        person=bytes.fromhex(person),
                        erased_at=datetime.fromisoformat(erased_at).astimezone(UTC),
                    )
                )
            except ValueError:
                raise Unreadable(number) from None
    return found


async def read(session: ReadSession) -> list[Tombstone]:
    rows = await session.execute(_READ)
    return [Tombstone(**row) for row in rows.mappings()]


async def replay(database: Database, tombstones: Sequence[Tombstone]) -> Replayed:
    """Erase again who is there again, one person a transaction."""
    done = Replayed(tombstones=len(set(tombstones)))
    of_bots = groupby(sorted(set(tombstones)), key=lambda one: one.bot_id)
    for bot_id, of_bot in of_bots:
        of_keys: dict[bytes, list[Tombstone]] = defaultdict(list)
        for tombstone in of_bot:
            of_keys[tombstone.key].append(tombstone)
        for key, of_key in of_keys.items():
            await _replay_key(database, bot_id, key, of_key, done)
    return done


async def _replay_key(
    database: Database, bot_id: int, key: bytes, tombstones: list[Tombstone], done: Replayed
) -> None:
    given = {
        "bot_id": bot_id,
        "key": key,
        "persons": [one.person for one in tombstones],
        "moments": [one.erased_at for one in tombstones],
    }
    async with database.write() as session:
        is_ours = await _adopt(session, given)
        people = (await session.execute(_PEOPLE, given)).all()
    for user_id, erased_at in people:
        async with database.write() as session:
            await erasure.erase(session, bot_id, user_id, until=erased_at)
    done.erased += len(people)
    if is_ours:
        async with database.write() as session:
            await session.execute(_BURY, given)
    else:
        done.strange += len({one.person for one in tombstones}) - len(people)


async def _adopt(session: Session, given: dict[str, object]) -> bool:
    """Whether the key is the database's, which takes it over if it has used none yet."""
    return bool((await session.execute(_ADOPT, given)).rowcount)


_READ = text(
    """
    SELECT bot_id, erasure_key AS key, person, erased_at
    FROM erasures JOIN bots ON bots.id = bot_id ORDER BY bot_id, person
    """
)

# A dump of a release without tombstones gets a key of its own when it is migrated.
_ADOPT = sql(
    """
    UPDATE bots SET erasure_key = :key
    WHERE id = :bot_id AND (
        erasure_key = :key OR NOT EXISTS (SELECT FROM erasures WHERE bot_id = :bot_id)
    )
    """,
    key=LargeBinary,
)

_TOMBS = {"persons": ARRAY(LargeBinary), "moments": ARRAY(DateTime(timezone=True))}

# Raw updates of that release tell only inside of them whose they are.
_AUTHOR = r'"(?:from|user)": ?{"id": ?(\d{1,16})'
_PEOPLE = sql(
    """
    SELECT known.id, max(tomb.erased_at) AS erased_at
    FROM (
        SELECT id FROM users WHERE bot_id = :bot_id
        UNION SELECT user_id FROM feedback WHERE bot_id = :bot_id
        UNION SELECT user_id FROM inbox WHERE bot_id = :bot_id AND user_id IS NOT NULL
        UNION SELECT CAST(substring(CAST(raw AS text), :author) AS bigint) FROM inbox
        WHERE bot_id = :bot_id AND user_id IS NULL
    ) AS known (id)
    JOIN unnest(:persons, :moments) AS tomb (person, erased_at)
      ON tomb.person = sha256(:key || int8send(known.id))
    GROUP BY known.id ORDER BY known.id
    """,
    key=LargeBinary,
    author=Text,
    **_TOMBS,
).bindparams(author=_AUTHOR)

_BURY = sql(
    """
    INSERT INTO erasures (bot_id, person, erased_at)
    SELECT :bot_id, person, max(erased_at) FROM unnest(:persons, :moments) AS t (person, erased_at)
    GROUP BY person
    ON CONFLICT (bot_id, person)
    DO UPDATE SET erased_at = greatest(erasures.erased_at, excluded.erased_at)
    """,
    **_TOMBS,
)
