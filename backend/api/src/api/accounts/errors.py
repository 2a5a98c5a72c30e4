"""What a protected route may answer instead, for its OpenAPI entry.

@router.get("/stats", responses=errors.merged(EDGES, errors.READER))
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from api import problems

Documented = dict[int | str, dict[str, Any]]


def merged(*documented: Mapping[int | str, dict[str, Any]]) -> Documented:
    """One entry for each status, with the examples of all."""
    entries: Documented = {}
    for status, entry in ((s, e) for entries_ in documented for s, e in entries_.items()):
        if status not in entries:
            entries[status] = deepcopy(entry)
            continue
        known = entries[status]
        known["description"] = f"{known['description']} {entry['description']}"
        for media_type, content in entry["content"].items():
            known["content"][media_type]["examples"] |= content["examples"]
    return entries


DATABASE: Documented = problems.documented(
    database_busy_503="All connections to the database are in use.",
    database_unreachable_503="The database does not answer.",
)
#: of routes that read a body
BODY: Documented = problems.documented(
    bad_request_400="There was an error parsing the body",
)
INVALID: Documented = problems.documented(
    invalid_request_422="The request cannot be used: a field is missing or wrong.",
)
BUSY: Documented = problems.documented(
    signing_in_busy_503="Many are signing in just now: try again in a second.",
)
SIGNING_IN: Documented = problems.documented(
    wrong_credentials_401="No active account has this name and password.",
    too_many_failures_429="Too many sign-ins have failed: try again in 8 seconds.",
)
READER: Documented = merged(
    problems.documented(
        not_authenticated_401="Sign in: with HTTP Basic, or with the cookie of POST /auth/session."
    ),
    SIGNING_IN,
    BUSY,
    DATABASE,
)
ADMIN: Documented = merged(
    READER, problems.documented(admin_only_403="Only admins may do this; you are an analyst.")
)
#: of routes that change something
SENT: Documented = problems.documented(
    foreign_origin_403="Pages of another origin may not change anything here; CORS_ORIGINS lists "
    "those that may.",
    not_json_415="A body needs to be JSON: send Content-Type: application/json.",
)
#: the same, when the cookie will do
CHANGE: Documented = merged(
    SENT,
    problems.documented(
        cross_site_403="A change with the cookie needs the header Sec-Fetch-Site or Origin.",
    ),
)
