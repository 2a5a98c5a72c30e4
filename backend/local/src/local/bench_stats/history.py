"""Made-up history at any size, drawn inside PostgreSQL.

The same size, seed and end give the same rows. Few people write much and many little, more on
weekdays and in the afternoon; people come, write several questions in a sitting, and drift away.
"""

from dataclasses import dataclass
from datetime import datetime

from local.bench_stats.chance import one_of, pareto, uniform, uuid_of, whole

DAYS = 90
BOTS = {4_200_001: "first_bot", 4_200_002: "second_bot"}
#: questions of one person in one sitting, on average
_SITTING = 4.9
_LONGEST_SITTING = 60
#: how busy each UTC hour is
_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 12, 13, 13, 12, 11, 10, 9, 8, 7, 5, 3)
_LANGUAGES = {"en": 48, "de": 15, "ru": 14, "es": 9, "pt-BR": 5, "uk": 4, "": 5}
_VERDICTS = {
    "answered": 930,
    "answered_partial": 8,
    "cancelled": 22,
    "declined": 18,
    "failed_told": 22,
}
_MODELS = {
    "openai/gpt-5-mini": 55,
    "anthropic/claude-haiku-4.5": 20,
    "google/gemini-3-flash": 15,
    "deepseek/deepseek-v4": 10,
}
_FALLBACK = "mistral/small-4"
_PROVIDERS = {"openai": 50, "azure": 20, "google": 15, "together": 15}
_KINDS = {"photo": 5, "voice": 4, "document": 1}
_TROUBLE = {"overloaded": 45, "rate_limited": 30, "first_token_timeout": 15, "server_error": 10}
_WORDS = "Numbers that reconcile are worth more than numbers that impress, said the analyst. " * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much history, which one, and when it ends."""

    messages: int
    people: int
    seed: int
    end: datetime

    @property
    def turns(self) -> int:
        return self.messages // 2


def staging(size: Size) -> tuple[str, ...]:
    """Statements that draw people, sittings and turns into tables of their own."""
    return _people(size), _sittings(size), "ANALYZE bench_sittings", _turns(size)


def filling(size: Size) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Statements that fill the product's tables from those: two lots that may run side by side."""
    return (_messages(),), (_users(size), _dialogs(), _product_turns(), _attempts(size))


UNSTAGING = "DROP TABLE bench_people, bench_sittings, bench_turns"


def _people(size: Size) -> str:
    seed = size.seed
    return f"""
        CREATE UNLOGGED TABLE bench_people AS
        SELECT n AS person, 10000000 + n * 1009 AS user_id,
               CASE WHEN {uniform("n", 1, seed)} < 0.7 THEN {min(BOTS)} ELSE {max(BOTS)} END
                   AS bot_id,
               {one_of("n", 2, seed, _LANGUAGES)} AS language,
               greatest(0, floor({DAYS} * (1.35 * {uniform("n", 3, seed)} - 0.35)))::integer
                   AS joined
        FROM generate_series(1, {size.people}) AS n
    """


def _sittings(size: Size) -> str:
    """Everybody comes at least once, if there are questions enough."""
    seed, mean = size.seed, _SITTING - 0.5
    limits = [sum(_HOURS[: hour + 1]) / sum(_HOURS) for hour in range(23)]
    first_day = f"date_trunc('day', timestamptz '{size.end.isoformat()}', 'UTC') "
    first_day += f"- interval '{DAYS - 1} days'"
    return f"""
        CREATE UNLOGGED TABLE bench_sittings AS
        WITH drawn AS MATERIALIZED (
            SELECT n, CASE WHEN n <= {size.people} THEN n ELSE
                       1 + floor({size.people} * power({uniform("n", 11, seed)}, 2.2)) END::integer
                       AS person,
                   least({_LONGEST_SITTING}, 1 + floor(-ln(1 - {uniform("n", 12, seed)}) * {mean}))
                       ::integer AS turns
            FROM generate_series(1, {size.turns // 4 + 1000}) AS n
        ), counted AS MATERIALIZED (
            SELECT *, sum(turns) OVER (ORDER BY n) AS until FROM drawn
        ), dated AS MATERIALIZED (
            SELECT n, least(turns, {size.turns} - (until - turns))::integer AS turns, who.*,
                   joined + floor(({DAYS} - joined) * power({uniform("n", 13, seed)}, 1.2))::integer
                       AS day,
                   width_bucket({uniform("n", 14, seed)}, ARRAY{limits!r}::float8[]) AS hour
            FROM counted JOIN bench_people AS who USING (person)
            WHERE until - turns < {size.turns}
        ), week AS MATERIALIZED (
            SELECT *, CASE WHEN extract(dow FROM {first_day} + day * interval '1 day') IN (0, 6)
                            AND day >= 2 AND {uniform("n", 15, seed)} < 0.45
                           THEN day - 2 ELSE day END AS weekday
            FROM dated
        ), timed AS MATERIALIZED (
            SELECT *, {first_day} + weekday * interval '1 day' + hour * interval '1 hour'
                      + {uniform("n", 16, seed)} * interval '1 hour' AS wanted
            FROM week
        ), past AS MATERIALIZED (
            SELECT *, CASE WHEN wanted + turns * interval '75 seconds'
                                < timestamptz '{size.end.isoformat()}' THEN wanted
                ELSE wanted - (1 + floor({uniform("n", 17, seed)} * {DAYS - 2})) * interval '1 day'
                END AS started
            FROM timed
        )
        SELECT n, turns, bot_id, user_id, language, started,
               {uuid_of("started", "n", "d", seed)} AS dialog_id
        FROM past
    """


def _turns(size: Size) -> str:
    """One row a turn, in the order of time, with everything that the product's tables need."""
    seed, at = size.seed, "created_at"
    return f"""
        CREATE UNLOGGED TABLE bench_turns AS
        WITH asked AS MATERIALIZED (
            SELECT n * {_LONGEST_SITTING} + k AS key, bot_id, user_id, language, dialog_id,
                   k = 0 AS opens_dialog,
                   started + k * interval '1 second' *
                       (45 + {whole(f"(n * {_LONGEST_SITTING} + k)", 21, seed, 0, 29)})
                       AS created_at
            FROM bench_sittings CROSS JOIN LATERAL generate_series(0, turns - 1) AS k
        ), drawn AS MATERIALIZED (
            SELECT asked.*,
                   {one_of("key", 22, seed, _VERDICTS)} AS verdict,
                   {one_of("key", 23, seed, _MODELS)} AS model,
                   {one_of("key", 24, seed, _PROVIDERS)} AS provider,
                   {one_of("key", 25, seed, _TROUBLE)} AS trouble,
                   {one_of("key", 26, seed, _KINDS)} AS attachment,
                   {uniform("key", 27, seed)} < 0.04 AS has_trouble,
                   {uniform("key", 28, seed)} AS fate,
                   {whole("key", 29, seed, 8, 140)} AS question_length,
                   {pareto("key", 30, seed, least=150, shape=1.6, most=1500)} AS length,
                   {pareto("key", 31, seed, least=1, shape=0.8, most=20000)} AS queue_ms,
                   {pareto("key", 32, seed, least=180, shape=2.0, most=20000)} AS first_ms,
                   {pareto("key", 33, seed, least=400, shape=1.5, most=90000)} AS writing_ms,
                   {pareto("key", 34, seed, least=25, shape=1.8, most=60000)} AS delivery_ms,
                   {pareto("key", 35, seed, least=60, shape=1.2, most=16000)} AS prompt_tokens
            FROM asked
        ), judged AS (
            SELECT *, verdict IN ('answered', 'answered_partial', 'cancelled') AS has_answer,
                   CASE WHEN verdict = 'declined' AND fate < 0.6 THEN attachment ELSE 'text' END
                       AS kind,
                   CASE verdict WHEN 'answered' THEN 1 + has_trouble::integer
                                WHEN 'cancelled' THEN 1
                                WHEN 'declined' THEN (fate >= 0.6)::integer
                                ELSE 2 END AS calls
            FROM drawn
        )
        SELECT row_number() OVER (ORDER BY created_at, key) AS number, *,
               {uuid_of(at, "key", "a", seed)} AS question_id,
               CASE WHEN has_answer THEN {uuid_of(at, "key", "b", seed)} END AS answer_id,
               {uuid_of(at, "key", "c", seed)} AS turn_id
        FROM judged
    """


def _users(size: Size) -> str:
    return f"""
        INSERT INTO users (bot_id, id, public_id, first_name, language_code, created_at)
        SELECT bot_id, user_id, {uuid_of("first.seen", "person", "9", size.seed)},
               'Person ' || person, language, first.seen
        FROM bench_people JOIN (
            SELECT user_id, min(started) AS seen FROM bench_sittings GROUP BY user_id
        ) AS first USING (user_id)
        ORDER BY first.seen, user_id
    """


def _dialogs() -> str:
    return """
        INSERT INTO dialogs (id, bot_id, chat_id, thread_id, chat_kind, created_at, closed_at)
        SELECT dialog_id, bot_id, user_id, 0, 'private', started,
               lead(started) OVER (PARTITION BY bot_id, user_id ORDER BY started, n)
        FROM bench_sittings ORDER BY started, n
    """


def _messages() -> str:
    return f"""
        INSERT INTO messages (id, bot_id, dialog_id, chat_id, user_id, role, kind,
                              telegram_message_id, content, content_length, created_at)
        SELECT one.id, bot_id, dialog_id, turn.user_id, author, role, one.kind, message_id,
               substr('{_WORDS}', 1 + (key % 80)::integer, size), size, at
        FROM (SELECT * FROM bench_turns ORDER BY number) AS turn
        CROSS JOIN LATERAL (VALUES
            (question_id, user_id, 'user', turn.kind, number, question_length, created_at),
            (answer_id, NULL, 'assistant', 'text', NULL, length,
             created_at + interval '1 millisecond' * (queue_ms + first_ms + writing_ms))
        ) AS one (id, author, role, kind, message_id, size, at)
        WHERE one.id IS NOT NULL
    """


def _product_turns() -> str:
    served = "CASE WHEN verdict = 'answered' THEN {} END"
    billed = "CASE WHEN verdict = 'answered' THEN {} ELSE 0 END"
    waited = "created_at + interval '1 millisecond' * (queue_ms + first_ms + writing_ms{})"
    return f"""
        INSERT INTO turns (
            id, bot_id, dialog_id, question_id, answer_id, user_id, chat_id, thread_id, state,
            verdict, generations, draft_id, language, kind, opens_dialog, question_length,
            answer_length, edited_at, model_asked, model_served, provider, release,
            prompt_tokens, completion_tokens, cached_tokens, cost_micros, cost_source,
            is_fallback, error_kind, attempts, wasted_micros, wasted_ms, delivery_unknown,
            likes, dislikes, queue_ms, first_token_ms, generation_ms, delivery_ms,
            created_at, ready_at, finished_at)
        SELECT turn_id, bot_id, dialog_id, question_id, answer_id, user_id, user_id, 0,
               CASE WHEN key % 400 = 0 THEN 'undeliverable' ELSE verdict END,
               verdict, 1, (number % 2147483646 + 1)::integer, language, kind, opens_dialog,
               question_length, CASE WHEN has_answer THEN length ELSE 0 END,
               CASE WHEN key % 50 = 1 THEN created_at + interval '40 seconds' END,
               model, {served.format(_SERVED)}, {served.format("provider")}, 'bench',
               {billed.format("prompt_tokens")}, {billed.format(_COMPLETION)},
               {billed.format("prompt_tokens / 4")}, {billed.format(_COST)},
               CASE WHEN verdict <> 'answered' THEN 'none'
                    WHEN key % 12 = 0 THEN 'estimated' ELSE 'usage' END,
               calls > 1,
               CASE WHEN calls = 0 THEN 'only_text' WHEN verdict = 'declined' THEN 'declined'
                    WHEN verdict IN ('answered_partial', 'failed_told') THEN trouble END,
               calls, {_WASTED}, CASE WHEN calls > 1 THEN {_FAILED_MS} ELSE 0 END,
               key % 700 = 0, (key % 40 = 3)::integer, (key % 90 = 4)::integer,
               queue_ms, CASE WHEN has_answer THEN first_ms END,
               CASE WHEN calls = 0 THEN 0 ELSE first_ms + writing_ms END, delivery_ms,
               created_at, {waited.format("")}, {waited.format(" + delivery_ms")}
        FROM bench_turns ORDER BY number
    """


def _attempts(size: Size) -> str:
    """Each call but the last failed."""
    return f"""
        INSERT INTO llm_attempts (id, bot_id, turn_id, target, outcome, error_kind, http_status,
                                  prompt_tokens, completion_tokens, cost_micros, cost_source,
                                  first_token_ms, duration_ms, created_at)
        SELECT {uuid_of("created_at", f"(key * 2 + call + {2**40})", "e", size.seed)},
               bot_id, turn_id, CASE WHEN call = 1 THEN model ELSE '{_FALLBACK}' END,
               CASE WHEN is_last AND verdict = 'answered' THEN 'answered'
                    WHEN verdict = 'cancelled' THEN 'stopped' ELSE 'failed' END,
               CASE WHEN verdict = 'declined' THEN 'declined'
                    WHEN NOT (is_last AND verdict IN ('answered', 'cancelled')) THEN trouble END,
               CASE WHEN NOT is_last THEN 503 END,
               CASE WHEN is_last AND verdict = 'answered' THEN prompt_tokens ELSE 0 END,
               CASE WHEN is_last AND verdict = 'answered' THEN {_COMPLETION} ELSE 0 END,
               CASE WHEN NOT is_last THEN {_WASTED} WHEN verdict = 'answered' THEN {_COST}
                    ELSE 0 END,
               CASE WHEN NOT is_last AND {_WASTED} > 0 THEN 'estimated'
                    WHEN NOT is_last OR verdict <> 'answered' THEN 'none'
                    WHEN key % 12 = 0 THEN 'estimated' ELSE 'usage' END,
               CASE WHEN is_last AND has_answer THEN first_ms END,
               CASE WHEN is_last THEN first_ms + writing_ms ELSE {_FAILED_MS} END,
               created_at + interval '1 millisecond' * (queue_ms + call)
        FROM (SELECT * FROM bench_turns ORDER BY number) AS turn
        CROSS JOIN LATERAL generate_series(1, calls) AS call
        CROSS JOIN LATERAL (SELECT call = calls AS is_last) AS place
    """


_SERVED = f"CASE WHEN calls > 1 THEN '{_FALLBACK}' ELSE model END"
_COMPLETION = "length / 4"
_COST = "prompt_tokens / 4 + length / 2"
_FAILED_MS = "first_ms + 200"
#: some calls that failed were billed all the same
_WASTED = "CASE WHEN calls > 1 AND key % 5 = 0 THEN prompt_tokens / 4 ELSE 0 END"
