"""The provider's state, and what it says about itself."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from simulator.provider.catalogue import OFFERS, PROVIDER_NAME
from simulator.provider.completion import Completion
from simulator.provider.journal import Call, Journal
from simulator.provider.prompt import Prompt
from simulator.provider.script import Script
from simulator.provider.wire import Refusal

API_KEY = "simulator-key"


class Provider:
    """Accepts one API key."""

    def __init__(self, *, api_key: str = API_KEY) -> None:
        self._api_key = api_key
        self.reset()

    def reset(self) -> None:
        """Forget all orders and all calls."""
        self.script = Script()
        self.journal = Journal()

    def refusal(self, request: web.Request) -> Refusal | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            return Refusal(401, "authentication", "Missing Authentication header")
        return None if key == self._api_key else Refusal(401, "authentication", "User not found.")

    def require_key(self, request: web.Request) -> None:
        """Raises Refusal."""
        if refusal := self.refusal(request):
            raise refusal

    def completion(self, request: web.Request, prompt: Prompt) -> Completion:
        return Completion(request, prompt, script=self.script, journal=self.journal)

    def models(self) -> dict[str, Any]:
        listed = [offer.listed() for offer in OFFERS.values()]
        return {"data": listed, "total_count": len(listed), "links": {"next": None}}

    def key(self) -> dict[str, Any]:
        spent = dict.fromkeys(_USAGES, self.journal.spent)
        return {"data": {**_KEY, **spent, **dict.fromkeys(_BYOK_USAGES, 0)}}

    def generation(self, generation_id: str) -> dict[str, Any]:
        """Raises Refusal when there is none."""
        call = self.journal.generation(generation_id)
        if call is None:
            raise Refusal(404, "not_found", f"Generation {generation_id} not found")
        return {"data": {**_GENERATION, **_described(call)}}


def _described(call: Call) -> dict[str, Any]:
    ended_at = call.ended_at or call.at
    return {
        "id": call.generation_id,
        "created_at": datetime.fromtimestamp(call.created, UTC).isoformat(),
        "model": call.model,
        "streamed": call.stream,
        "cancelled": call.outcome == "cancelled",
        "finish_reason": call.finish_reason,
        "native_finish_reason": call.finish_reason,
        "latency": (call.first_token_at or ended_at) - call.at,
        "generation_time": ended_at - (call.first_token_at or ended_at),
        "tokens_prompt": call.prompt_tokens,
        "tokens_completion": call.completion_tokens,
        "native_tokens_prompt": call.prompt_tokens,
        "native_tokens_completion": call.completion_tokens,
        "usage": call.cost,
        "total_cost": call.cost,
    }


_USAGES = ("usage", "usage_daily", "usage_weekly", "usage_monthly")
_BYOK_USAGES = ("byok_usage", "byok_usage_daily", "byok_usage_weekly", "byok_usage_monthly")
_KEY = {
    "label": "simulator",
    "limit": None,
    "limit_remaining": None,
    "limit_reset": None,
    "include_byok_in_limit": False,
    "is_free_tier": False,
    "is_management_key": False,
    "is_provisioning_key": False,
    "creator_user_id": None,
    "expires_at": None,
    "rate_limit": {"requests": -1, "interval": "10s", "note": "There is no limit."},
}
_GENERATION = {
    "upstream_id": None,
    "cache_discount": None,
    "upstream_inference_cost": None,
    "app_id": None,
    "provider_name": PROVIDER_NAME,
    "moderation_latency": None,
    "service_tier": None,
    "native_tokens_completion_images": None,
    "native_tokens_reasoning": 0,
    "native_tokens_cached": 0,
    "num_media_prompt": None,
    "num_input_audio_prompt": None,
    "num_media_completion": None,
    "num_search_results": None,
    "num_fetches": None,
    "web_search_engine": None,
    "origin": "",
    "is_byok": False,
    "external_user": None,
    "api_type": "completions",
    "preset_id": None,
    "router": None,
    "provider_responses": None,
    "user_agent": None,
    "http_referer": None,
    "data_region": "global",
    "workspace_id": None,
}
