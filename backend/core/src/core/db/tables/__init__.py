"""Every table, as one import: `from core.db.tables import turns`."""

from core.db.tables.accounts import api_sessions, api_users, audit_log, login_failures
from core.db.tables.base import metadata
from core.db.tables.chat import (
    TURN_FINAL,
    bots,
    chat_floods,
    closed_chats,
    dialogs,
    erasures,
    feedback,
    inbox,
    llm_attempts,
    messages,
    outbox,
    turns,
    users,
)
from core.db.tables.processes import bot_processes
from core.db.tables.stats import (
    stats_activity,
    stats_attempts,
    stats_cohorts,
    stats_facts,
    stats_latency,
    stats_latency_totals,
    stats_marks,
    stats_rebuilds,
    stats_totals,
    stats_users,
)

__all__ = [
    "TURN_FINAL",
    "api_sessions",
    "api_users",
    "audit_log",
    "bot_processes",
    "bots",
    "chat_floods",
    "closed_chats",
    "dialogs",
    "erasures",
    "feedback",
    "inbox",
    "llm_attempts",
    "login_failures",
    "messages",
    "metadata",
    "outbox",
    "stats_activity",
    "stats_attempts",
    "stats_cohorts",
    "stats_facts",
    "stats_latency",
    "stats_latency_totals",
    "stats_marks",
    "stats_rebuilds",
    "stats_totals",
    "stats_users",
    "turns",
    "users",
]
