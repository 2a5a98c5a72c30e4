"""Hashing in a few threads."""

import asyncio
import threading
from collections.abc import Generator

import pytest
from structlog.testing import capture_logs

from api.accounts.passwords import Busy, Passwords, make_context

#: made elsewhere, of "four quiet herons wade"
BCRYPT = "$2b$12$EXRkfkdmXn2gzds2SSitu.MW9.gAVqa9eLS1//RYtYCmB1eLHg.9q"


@pytest.fixture
def passwords() -> Generator[Passwords]:
    passwords = Passwords(make_context(memory_kib=64, passes=1), threads=2, places=3)
    yield passwords
    passwords.close()


async def test_a_hash_is_argon2id_with_owasps_parameters() -> None:
    passwords = Passwords()
    made = await passwords.hash("four quiet herons wade")
    passwords.close()
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "herons" not in made


async def test_a_password_is_verified_exactly_as_received(passwords: Passwords) -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    known = await passwords.hash(composed)
    assert (await passwords.verify(composed, known)).is_right
    assert not (await passwords.verify(decomposed, known)).is_right
    assert not (await passwords.verify(composed + " ", known)).is_right


async def test_without_a_hash_as_much_is_done_and_nothing_is_right(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    context = passwords._context
    known = await passwords.hash("four quiet herons wade")
    monkeypatch.setattr(passwords, "_context", _Listening(context.verify_and_update, verified))
    assert not (await passwords.verify("something else", known)).is_right
    assert not (await passwords.verify("something else", None)).is_right
    assert [one.split("$")[1:4] for one in verified] == [["argon2id", "v=19", "m=64,t=1,p=1"]] * 2


class _Listening:
    def __init__(self, verify: object, heard: list[str]) -> None:
        self._verify = verify
        self._heard = heard

    def verify_and_update(self, password: str, known: str) -> object:
        self._heard.append(known)
        assert callable(self._verify)
        return self._verify(password, known)


async def test_grown_parameters_give_a_new_hash(passwords: Passwords) -> None:
    old = make_context(memory_kib=32, passes=1).hash("four quiet herons wade")
    verdict = await passwords.verify("four quiet herons wade", old)
    assert verdict.is_right
    assert verdict.new_hash
    assert "m=64,t=1" in verdict.new_hash
    again = await passwords.verify("four quiet herons wade", verdict.new_hash)
    assert again.is_right
    assert again.new_hash is None


@pytest.mark.parametrize("stored", ["garbage", "", BCRYPT])
async def test_a_hash_nobody_can_verify_signs_nobody_in(passwords: Passwords, stored: str) -> None:
    with capture_logs() as logs:
        assert not (await passwords.verify("four quiet herons wade", stored)).is_right
    assert stored == "" or [log["event"] for log in logs] == ["password_hash_unusable"]


async def test_beyond_the_places_it_refuses_at_once(passwords: Passwords) -> None:
    with passwords.place(), passwords.place(), passwords.place(), pytest.raises(Busy):
        passwords.place().__enter__()
    with passwords.place():
        pass


async def test_a_place_is_given_back_when_its_request_is_cancelled(passwords: Passwords) -> None:
    async def wait() -> None:
        with passwords.place():
            await asyncio.sleep(60)

    waiting = [asyncio.create_task(wait()) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(Busy), passwords.place():
        pass
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    with passwords.place(), passwords.place(), passwords.place():
        pass


async def test_no_more_threads_hash_than_it_was_given(passwords: Passwords) -> None:
    await asyncio.gather(*(passwords.hash(f"four quiet herons {n}") for n in range(20)))
    threads = [one for one in threading.enumerate() if one.name.startswith("passwords")]
    assert len([one for one in threads if one in passwords._threads._threads]) == 2
