"""What may be searched for: a pseudonym, some of its words, or an id from its beginning."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from api import problems
from api.problems import Problem
from api.pseudonyms import ending
from core.stats.search import Beginning, Search

_MAX_LENGTH = 60
_DIGITS = 32
#: with fewer than this many digits an id's beginning says nothing
_LEAST = 4

DOCUMENTED = problems.documented(
    wrong_search_422="`search` needs a pseudonym such as Quiet Otter 4f or some of its words, or "
    "an id or its first four digits or more.",
)


def the_search(
    search: Annotated[
        str | None,
        Query(
            max_length=_MAX_LENGTH,
            description="A person's pseudonym or some of its words, in any case; or an `id`, whole "
            "or at least its first four digits.",
            examples=["quiet otter"],
        ),
    ] = None,
) -> Search | None:
    if search is None:
        return None
    sought = ending(search) or _beginning(search)
    if sought is None:
        sentence: str = DOCUMENTED[422]["description"]
        raise Problem(422, "wrong_search", sentence)
    return sought


SearchAsked = Annotated[Search | None, Depends(the_search)]


def _beginning(words: str) -> Beginning | None:
    digits = words.strip().lower().replace("-", "")
    if not re.fullmatch(f"[0-9a-f]{{{_LEAST},{_DIGITS}}}", digits):
        return None
    return Beginning(first=UUID(digits.ljust(_DIGITS, "0")), last=UUID(digits.ljust(_DIGITS, "f")))
