"""What can go wrong with a model, in the words that decide what to do next.

ModelError
├── BadRequest        the request itself was refused; the same target would refuse again
│   ├── ContextTooLong   the prompt does not fit the model's window
│   └── Declined         the provider's policy refuses the content
├── Refused           this account may not (key, money)
│   ├── KeyRefused       key missing, wrong or not permitted
│   └── NoCredit         the account has no money
├── RateLimited       too many requests; `retry_after` says when to come back, where known
├── Gone              the model does not exist (any more)
├── Unavailable       connection, time-out before the first token, 5xx: come back later
├── Garbage           an answer that is none: error inside a 200, no choices, HTML, no visible text
├── TooSlow           no first token, or silence, for longer than the deadline
└── Broken            the stream broke after text had been received
AllTargetsFailed      every target of the chain failed; `causes` in the order they were tried, none
                      where all of them rest
"""

from datetime import timedelta

from core.llm.usage import NOTHING, Usage


class ModelError(Exception):
    """The default text of each class is its docstring; provider bodies are never part of it."""

    def __init__(
        self,
        message: str | None = None,
        *,
        http_status: int | None = None,
        provider_code: str | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.http_status = http_status
        #: the provider's own word for it, shortened; safe to log
        self.provider_code = provider_code
        self.retry_after = retry_after
        #: what the call cost although it failed, as far as the provider told
        self.spent: Usage = NOTHING

    @property
    def kind(self) -> str:
        """A stable word for tables and metric labels, such as `rate_limited`."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class BadRequest(ModelError):
    """The provider refused the request."""


class ContextTooLong(BadRequest):
    """The prompt does not fit the model's window."""


class Declined(BadRequest):
    """The provider's content policy declined the request."""


class Refused(ModelError):
    """The provider refused this account."""


class KeyRefused(Refused):
    """The provider refused the API key."""


class NoCredit(Refused):
    """The provider account has no credit left."""


class RateLimited(ModelError):
    """The provider asked to slow down."""

    #: the whole account, not this model alone
    is_account_wide = False


class Gone(ModelError):
    """The model does not exist at the provider."""


class Unavailable(ModelError):
    """The provider could not be reached or failed."""


class Garbage(ModelError):
    """The provider's answer was not an answer."""


class TooSlow(ModelError):
    """The model stayed silent for too long."""


class Broken(ModelError):
    """The answer broke off."""


class AllTargetsFailed(ModelError):
    """No model could answer."""

    def __init__(self, causes: tuple[ModelError, ...], *, back_in: timedelta = timedelta()) -> None:
        super().__init__()
        self.causes = causes
        #: until the first of them may be asked again
        self.back_in = back_in

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered later: providers are out, not answers bad."""
        is_resting = not self.causes and self.back_in > timedelta()
        return is_resting or any(isinstance(cause, PASSING) for cause in self.causes)


#: what is over some day without anybody changing the question
PASSING = (Refused, RateLimited, Unavailable, TooSlow, Broken)
