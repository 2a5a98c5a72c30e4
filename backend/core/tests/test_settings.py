"""Configuration: what is read from where, and the sentence for everything that is wrong."""

from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import Settings, TelegramMode, load

EXAMPLE = Path(__file__).parents[3] / ".env.example"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / ".env"
    path.write_text("\n".join(lines))
    return path


class TestSources:
    def test_the_environment_wins_over_the_file(self, tmp_path: Path) -> None:
        path = written(tmp_path, "OPENROUTER_MODEL=from/file", "BOT_PORT=9001")
        settings = load(path, {"OPENROUTER_MODEL": "from/environment"})
        assert (settings.openrouter_model, settings.bot_port) == ("from/environment", 9001)

    def test_a_secret_may_be_a_file(self, tmp_path: Path) -> None:
        secret = tmp_path / "token"
        secret.write_text("42:from-a-file\n")
        settings = load(None, {"TELEGRAM_TOKEN_FILE": str(secret)})
        assert settings.require_telegram_token() == "42:from-a-file"

    def test_an_empty_value_is_none(self) -> None:
        assert load(None, {"TELEGRAM_TOKEN": ""}).telegram_token is None

    def test_lists_are_comma_separated(self) -> None:
        settings = load(None, {"OPENROUTER_FALLBACK_MODELS": "a/b, c/d ,"})
        assert settings.openrouter_fallback_models == ("a/b", "c/d")

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
    def test_every_spelling_of_postgresql_is_understood(self, scheme: str) -> None:
        settings = load(None, {"DATABASE_URL": f"{scheme}://u:p@h/d"})
        assert settings.require_database_url() == "postgresql+asyncpg://u:p@h/d"


class TestEdges:
    def test_origins_as_browsers_write_them_are_taken(self) -> None:
        origins = "https://a.example, http://localhost:5173,http://[::1]:8000"
        assert load(None, {"CORS_ORIGINS": origins}).cors_origins == (
            "https://a.example",
            "http://localhost:5173",
            "http://[::1]:8000",
        )

    def test_proxies_are_addresses_or_networks(self) -> None:
        settings = load(None, {"TRUSTED_PROXIES": "10.0.0.2, 172.18.0.0/16, fd00::/8"})
        assert settings.trusted_proxies == ("10.0.0.2", "172.18.0.0/16", "fd00::/8")

    def test_two_registration_tokens_are_valid_while_one_replaces_the_other(self) -> None:
        old, new = "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe", "uE3vXo6IwRt1NyBz0MjKd8HgFp4SlCaq"
        settings = load(None, {"ADMIN_REGISTRATION_TOKEN": f"{old}, {new}"})
        tokens = [token.get_secret_value() for token in settings.admin_registration_token]
        assert tokens == [old, new]
        assert old not in repr(settings)

    def test_rates_may_be_written_with_spaces(self) -> None:
        settings = load(None, {"STATS_API_RATE_LIMIT": "5/second ; 100/day"})
        assert settings.stats_api_rate_limit == "5/second;100/day"


class TestWrongValues:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("BOT_PORT", "99999"),
            ("BOT_PORT", "http"),
            ("DATABASE_URL", "mysql://h/d"),
            ("OPENROUTER_BASE_URL", "openrouter.ai"),
            ("MAX_HISTORY_MESSAGES", "-1"),
            ("TELEGRAM_MODE", "carrier-pigeon"),
            ("LOG_LEVEL", "LOUD"),
            ("TURN_TIMEOUT", "soon"),
            ("WAIT_SECONDS", "-1"),
            ("WAIT_SECONDS", "3601"),
            ("USER_TOKENS_PER_DAY", "4096"),
            ("GLOBAL_TOKENS_PER_DAY", "100"),
            ("USER_MESSAGES_PER_MINUTE", "0"),
            ("USER_COST_PER_DAY", "0"),
            ("GLOBAL_COST_PER_DAY", "a lot"),
            ("TELEGRAM_CALLS_PER_SECOND", "-1"),
            ("STATS_API_RATE_LIMIT", "many"),
            ("STATS_API_RATE_LIMIT", "60/minute;"),
            ("STATS_API_RATE_LIMIT", "0/minute"),
            ("STATS_API_RATE_LIMIT", "60/fortnight"),
            ("REDIS_URL", "localhost:6379"),
            ("REDIS_URL", "http://localhost:6379"),
            ("REDIS_URL", "redis://localhost:port"),
            ("CORS_ORIGINS", "*"),
            ("CORS_ORIGINS", "null"),
            ("CORS_ORIGINS", "https://a.example, *"),
            ("CORS_ORIGINS", "https://a.example/"),
            ("CORS_ORIGINS", "https://a.example/path"),
            ("CORS_ORIGINS", "https://a.example?query"),
            ("CORS_ORIGINS", "https://user@a.example"),
            ("CORS_ORIGINS", "https://A.example"),
            ("CORS_ORIGINS", "https://a.example:443"),
            ("CORS_ORIGINS", "https://a.example:99999"),
            ("CORS_ORIGINS", "https://ä.example"),
            ("CORS_ORIGINS", "https://*.example"),
            ("CORS_ORIGINS", "https://[::1"),
            ("CORS_ORIGINS", "a.example"),
            ("CORS_ORIGINS", "ftp://a.example"),
            ("TRUSTED_PROXIES", "*"),
            ("TRUSTED_PROXIES", "nginx"),
            ("TRUSTED_PROXIES", "10.0.0.1, *"),
            ("TRUSTED_PROXIES", "10.0.0.1/8"),
            ("TRUSTED_PROXIES", "0.0.0.0/0"),
            ("TRUSTED_PROXIES", "::/0"),
            ("METRICS_PORT", "0"),
            ("ADMIN_REGISTRATION_TOKEN", "short"),
            ("ADMIN_REGISTRATION_TOKEN", "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQ"),
            ("ADMIN_REGISTRATION_TOKEN", "changeme-J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"),
            ("ADMIN_REGISTRATION_TOKEN", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            ("ADMIN_REGISTRATION_TOKEN", "with spaces J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"),
            ("ADMIN_REGISTRATION_TOKEN", "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe,short"),
            ("ADMIN_REGISTRATION_TOKEN", ",".join(["J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"] * 3)),
            ("ENVIRONMENT", "staging"),
            ("ENABLE_QUERY_ANALYSIS", "perhaps"),
        ],
    )
    def test_the_sentence_names_the_variable(self, name: str, value: str) -> None:
        with pytest.raises(SettingsError, match=name) as caught:
            load(None, {name: value})
        assert "\n" not in str(caught.value)

    def test_the_sentence_never_shows_a_secret(self) -> None:
        with pytest.raises(SettingsError) as caught:
            load(None, {"DATABASE_URL": "mysql://me:hunter2@h/d"})
        assert "hunter2" not in str(caught.value)

    def test_nor_a_registration_token(self) -> None:
        with pytest.raises(SettingsError, match="ADMIN_REGISTRATION_TOKEN") as caught:
            load(None, {"ADMIN_REGISTRATION_TOKEN": "hunter2"})
        assert "hunter2" not in str(caught.value)

    def test_nor_the_password_of_redis(self) -> None:
        with pytest.raises(SettingsError, match="REDIS_URL") as caught:
            load(None, {"REDIS_URL": "rediss+odd://:hunter2@h"})
        assert "hunter2" not in str(caught.value)

    def test_query_plans_are_refused_outside_development(self) -> None:
        with pytest.raises(SettingsError, match="ENABLE_QUERY_ANALYSIS"):
            load(None, {"ENABLE_QUERY_ANALYSIS": "true"}).require_query_analysis()
        settings = load(None, {"ENABLE_QUERY_ANALYSIS": "true", "ENVIRONMENT": "development"})
        assert settings.require_query_analysis()
        assert not load(None, {}).require_query_analysis()

    def test_an_unknown_name_in_the_file_gets_a_suggestion(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="did you mean TELEGRAM_TOKEN"):
            load(written(tmp_path, "TELEGRAM_TOKN=1"), {})

    def test_a_secret_file_that_is_not_there_is_named(self) -> None:
        with pytest.raises(SettingsError, match="TELEGRAM_TOKEN_FILE"):
            load(None, {"TELEGRAM_TOKEN_FILE": "/nowhere/token"})

    @pytest.mark.parametrize("secret", ["", "short", "with spaces in it, and long"])
    def test_webhooks_need_a_secret(self, secret: str) -> None:
        with pytest.raises(SettingsError, match="WEBHOOK_SECRET"):
            load(
                None,
                {
                    "TELEGRAM_MODE": "webhook",
                    "WEBHOOK_URL": "https://bot.example.org/hook",
                    "WEBHOOK_SECRET": secret,
                },
            )


class TestMissingValues:
    @pytest.mark.parametrize(
        ("require", "variable"),
        [
            (Settings.require_database_url, "DATABASE_URL"),
            (Settings.require_telegram_token, "TELEGRAM_TOKEN"),
            (Settings.require_openrouter_api_key, "OPENROUTER_API_KEY"),
        ],
    )
    def test_the_sentence_says_what_to_do(self, require: object, variable: str) -> None:
        assert callable(require)
        with pytest.raises(SettingsError, match=variable):
            require(load(None, {}))


def test_the_example_file_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text().splitlines()
    shown = dict(
        line.removeprefix("#").split("=", 1)
        for line in lines
        if line.startswith("#") and "=" in line and line[1].isupper()
    )
    for_tests_alone = {"FAILPOINTS", "FAILPOINTS_JOURNAL"}
    assert set(shown) | for_tests_alone == {name.upper() for name in Settings.model_fields}
    given = {
        name: value
        for name, value in shown.items()
        if value and not name.startswith(("DATABASE", "WEBHOOK"))
    }
    assert load(None, given) == load(None, {})
    assert load(None, {}).telegram_mode is TelegramMode.POLLING
