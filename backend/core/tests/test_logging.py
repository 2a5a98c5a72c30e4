"""What may not reach a log does not, whoever logs it."""

import pytest

from core.logging import mask_secrets


@pytest.mark.parametrize(
    "secret",
    [
        "123456789:AAF-abcdefghijklmnopqrstuvwx",
        "sk-or-v1-0123456789abcdef",
        "gsk_ABCDEFGHIJKLMNOP",
        "Bearer abcdefghijklmnop",
        "user:hunter2",
    ],
)
def test_secrets_are_masked_wherever_they_stand(secret: str) -> None:
    line = f"before {secret} after"
    if secret == "user:hunter2":
        line = f"postgresql://{secret}@host/db"
    event = mask_secrets(None, "info", {"event": line, "number": 7})
    assert secret not in event["event"]
    assert event["number"] == 7
