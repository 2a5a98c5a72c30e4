"""Accounts as they travel in JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Request
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from api.accounts import audit, store, weakness
from api.accounts.store import Role
from api.problems import Problem


def _whole(value: SecretStr) -> SecretStr:
    """JSON can write half a surrogate pair, which is no character and cannot be sent elsewhere."""
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character") from None
    return value


Password = Annotated[SecretStr, AfterValidator(_whole)]
NAME_PATTERN = f"^{store.NAME.pattern}$"

Name = Annotated[
    str,
    StringConstraints(pattern=NAME_PATTERN, to_lower=True),
    Field(description="3 to 64 letters, digits and . _ - @; lower case", examples=["ada"]),
]
NewPassword = Annotated[
    Password,
    Field(
        min_length=weakness.MIN_CHARACTERS,
        max_length=weakness.MAX_CHARACTERS,
        description="Any characters but control characters; common ones and the name are refused.",
        examples=["four quiet herons wade"],
    ),
]


class Body(BaseModel):
    """What is sent to us: unknown fields are a mistake."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Registration(Body):
    name: Name
    password: NewPassword
    role: Role = "analyst"


class PasswordChange(Body):
    current: Annotated[Password, Field(max_length=512, examples=["the old one"])]
    new: NewPassword


class UserChange(Body):
    """At least one of the two."""

    role: Role | None = Field(None, examples=["admin"])
    disabled: bool | None = Field(None, strict=True, examples=[False])

    @model_validator(mode="after")
    def _is_a_change(self) -> Self:
        if self.role is None and self.disabled is None:
            raise ValueError("give role, disabled or both")
        return self


class User(BaseModel):
    name: str = Field(examples=["ada"])
    role: Role = Field(examples=["analyst"])
    created_at: datetime
    disabled_at: datetime | None

    @classmethod
    def of(cls, stored: store.StoredAccount) -> Self:
        return cls(
            name=stored.account.name,
            role=stored.account.role,
            created_at=stored.created_at,
            disabled_at=stored.disabled_at,
        )


class Users(BaseModel):
    users: list[User]


class Me(BaseModel):
    name: str = Field(examples=["ada"])
    role: Role = Field(examples=["analyst"])
    signed_in_by: Literal["basic", "session"] = Field(examples=["session"])


class SessionOpened(BaseModel):
    """The secret itself is in the cookie alone."""

    name: str = Field(examples=["ada"])
    role: Role = Field(examples=["analyst"])
    idle_seconds: int = Field(description="until it ends unused", examples=[1800])
    seconds: int = Field(description="until it ends anyway", examples=[43200])


class SessionShown(BaseModel):
    id: UUID
    user: str = Field(examples=["ada"])
    address: str | None = Field(examples=["203.0.113.7"])
    agent: str | None = Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Firefox/149.0"])
    created_at: datetime
    last_seen_at: datetime = Field(description="to the minute")
    expires_at: datetime
    is_current: bool = Field(description="the one this request came with")


class Sessions(BaseModel):
    sessions: list[SessionShown]


class SessionsRevoked(BaseModel):
    revoked: int = Field(examples=[2])


class AuditEntry(BaseModel):
    id: UUID
    at: datetime
    actor: str | None = Field(description="who was signed in; null for nobody", examples=["ada"])
    action: str = Field(examples=[audit.Action.USER_CHANGED])
    subject: str | None = Field(description="what it was done to", examples=["bob"])
    address: str | None = Field(examples=["203.0.113.7"])
    trace_id: str | None = Field(examples=["0b7c1fd04ba14d9a8bb4a3ed9fe1a3c5"])
    details: dict[str, Any] = Field(examples=[{"role": "admin"}])


class AuditPage(BaseModel):
    entries: list[AuditEntry]
    next: UUID | None = Field(description="the next page's `before`; null at the end")


async def json_only(request: Request) -> None:
    """Raises Problem (415) for a body of another kind: HTML forms can send those across origins."""
    headers = request.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and media_type != "application/json":
        raise Problem(
            415, "not_json", "A body needs to be JSON: send Content-Type: application/json."
        )
