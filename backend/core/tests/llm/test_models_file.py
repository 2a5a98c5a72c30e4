"""What a models' file means, and what it says when something in it is wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from core.llm.catalog import Catalog
from core.llm.models_file import catalog_of, read_models_file
from core.llm.providers import DataCollection, Provider
from core.llm.toml_lines import Lines
from core.llm.usage import Price
from core.settings import load

ROOT = Path(__file__).parents[4]
KEYS = {"OPENROUTER_API_KEY": "sk-or", "GROQ_API_KEY": "gsk"}

GOOD = """\
[credentials.work]
provider = "openrouter"
key = "OPENROUTER_API_KEY"

[targets.fast]
credential = "work"
model = "a/fast"

[targets.large]
credential = "work"
model = "b/large"
prices = [
  { from = 2026-01-01, prompt = 1, completion = 4 },
  { from = 2026-06-01, prompt = 0.5, completion = 2, cached = 0.05 },
]

[chains]
default = ["fast"]
long = ["large"]
context_window = ["long"]
"""


def read(folder: Path, text: str) -> Catalog:
    path = folder / "models.toml"
    path.write_text(text)
    return read_models_file(path, load(None, KEYS))


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as told:
        read(folder, text)
    return str(told.value).replace(f"{folder}/", "")


class TestGood:
    def test_chains_are_made_of_targets_and_of_other_chains(self, tmp_path: Path) -> None:
        catalog = read(tmp_path, GOOD)
        assert [entry.name for entry in catalog.default] == ["fast"]
        assert [entry.name for entry in catalog.context_window] == ["large"]
        assert (catalog.content_policy, catalog.last_resort) == ((), ())
        assert catalog.names == ("fast", "large")

    def test_an_account_has_its_providers_address_and_the_variables_key(
        self, tmp_path: Path
    ) -> None:
        (account,) = read(tmp_path, GOOD).credentials
        assert account.provider is Provider.OPENROUTER
        assert account.base_url == "https://openrouter.ai/api/v1"
        assert (account.key, account.key_variable) == ("sk-or", "OPENROUTER_API_KEY")
        assert "sk-or" not in repr(account)

    def test_prices_are_exact_and_have_their_day(self, tmp_path: Path) -> None:
        large = read(tmp_path, GOOD).context_window[0]
        assert large.prices == (
            Price(since=date(2026, 1, 1), prompt=Decimal(1), completion=Decimal(4)),
            Price(
                since=date(2026, 6, 1),
                prompt=Decimal("0.5"),
                completion=Decimal(2),
                cached=Decimal("0.05"),
            ),
        )

    def test_what_is_not_said_the_provider_is_to_tell(self, tmp_path: Path) -> None:
        fast = read(tmp_path, GOOD).default[0]
        assert (fast.window, fast.prices, fast.sees_images) == (None, (), None)

    def test_a_local_server_needs_no_key(self, tmp_path: Path) -> None:
        text = GOOD.replace('"openrouter"\nkey = "OPENROUTER_API_KEY"', '"local"\nbase_url = "U"')
        (account,) = read(tmp_path, text.replace('"U"', '"http://10.0.0.7:8080/v1/"')).credentials
        assert (account.key, account.base_url) == (None, "http://10.0.0.7:8080/v1")

    def test_who_may_keep_prompts(self, tmp_path: Path) -> None:
        text = GOOD.replace('"openrouter"', '"openrouter"\ndata_collection = "deny"')
        assert read(tmp_path, text).credentials[0].data_collection is DataCollection.DENY

    def test_the_example_is_one(self) -> None:
        catalog = read_models_file(ROOT / "models.example.toml", load(None, KEYS))
        assert [entry.name for entry in catalog.default] == ["everyday", "coder", "fast"]
        assert [entry.name for entry in catalog.last_resort] == ["own"]
        assert {account.name for account in catalog.credentials} == {"openrouter", "groq", "house"}


#: what is replaced in the good file, by what, and how that is refused
BAD = [
    ('"openrouter"', '"openruter"', "line 2: credentials.work.provider has to be one of"),
    ('key = "OPENROUTER_API_KEY"', "", "line 1: work needs key, the name of the variable"),
    ('"OPENROUTER_API_KEY"', '"OTHER_KEY"', "line 3: OTHER_KEY is not set: put the key of work"),
    ('"OPENROUTER_API_KEY"', '"sk-or-v1-abc"', "line 3: key has to be the name of a variable"),
    ('"openrouter"', '"litellm"', "line 1: work needs base_url, the address of your litellm"),
    ('"openrouter"', '"local"\nbase_url = "ftp://x"', "line 3: base_url needs an address"),
    ('"openrouter"', '"local"\nbase_url = "http://u:p@x"', "line 3: base_url needs an address"),
    ('"openrouter"', '"groq"\ndata_collection = "deny"', "line 3: data_collection is OpenRouter's"),
    ("[targets.large]", "[targets.fast]", "line 9: this name is given before"),
    ("[targets.large]", "[targets.work]", "line 9: work is a name in [credentials] as well"),
    ("long = [", "fast = [", "line 19: fast is a name in [targets] as well"),
    ('model = "b/large"', 'model = "b"\nmodel = "c"', "line 12: this name is given before"),
    ('["fast"]', '["fast", "long", "large"]', "line 18: large is in the chain default twice"),
    ('["fast"]', '["fast", "fast"]', "line 18: fast is in the chain default twice"),
    (
        '["large"]',
        '["context_window"]',
        "line 20: chains go in a circle: long → context_window",
    ),
    ('["large"]', '["long"]', "line 19: chains go in a circle: long → long"),
    ('["fast"]', "[]", "line 18: the chain default needs at least one target"),
    ('default = ["fast"]', "", "line 17: the chain default needs at least one target"),
    ('["fast"]', '["quick"]', "line 18: there is no [targets.quick]"),
    ('["fast"]', '["fats"]', "line 18: there is no [targets.fats]; perhaps fast is meant"),
    ("context_window =", "contxt_window =", "perhaps context_window is meant"),
    ('credential = "work"\nmodel = "b', 'credential = "wrk"\nmodel = "b', "line 10: there is no"),
    ("prompt = 0.5", "prompt = -0.5", "line 14: targets.large.prices.2.prompt has to be 0 or more"),
    ("prompt = 1,", "prompt = -1,", "line 13: targets.large.prices.1.prompt has to be 0 or more"),
    ("prompt = 1,", "prompt = nan,", "line 13: targets.large.prices.1.prompt"),
    ("prompt = 1,", 'prompt = "1",', "line 13: targets.large.prices.1.prompt"),
    ("prompt = 1,", "", "line 13: targets.large.prices.0 needs prompt"),
    ("2026-06-01", "2026-01-01", "line 14: two prices are from 2026-01-01"),
    ("2026-06-01", "2026-13-01", "line 14: this is not TOML"),
    ('model = "a/fast"', 'modle = "a/fast"', "line 5: targets.fast needs model"),
    ('model = "a/fast"', 'model = "a"\nwindw = 1', "line 8: targets.fast.windw is not known; per"),
    ('model = "a/fast"', 'model = ""', "line 7: targets.fast.model"),
    ('model = "a/fast"', "model = 5", "line 7: targets.fast.model is wrong"),
    ('model = "a/fast"', 'model = "a"\nwindow = "8k"', "line 8: targets.fast.window is wrong"),
    ('model = "a/fast"', 'model = "a"\nwindow = 0', "line 8: targets.fast.window has to be 256 or"),
    ('model = "a/fast"', 'model = "a"\nsees = "yes"', "line 8: targets.fast.sees is wrong"),
    ('model = "a/fast"', 'model = "a"\ngood_for = ["cod"]', "line 8: targets.fast.good_for.1 has"),
    ("[targets.fast]", '[targets."two words"]', "line 5: 'two words' is no name"),
    ("[chains]", "[chain]", "line 1: the table [chains] is missing"),
    ('["fast"]', '"fast"', "line 18: chains.default is wrong"),
    ("[chains]", "[chains", "line 17: this is not TOML"),
]


class TestKeys:
    """Keys in a folder, as in production."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "keys"
        folder.mkdir()
        return folder

    def catalog(self, folder: Path, **more: str) -> Catalog:
        path = folder.parent / "models.toml"
        path.write_text(GOOD.replace("OPENROUTER_API_KEY", "WORK_KEY"))
        return catalog_of(
            load(None, {"MODELS_FILE": str(path), "KEYS_FOLDER": str(folder), **more})
        )

    def test_each_is_a_file_in_small_letters(self, folder: Path) -> None:
        (folder / "work_key").write_text("sk-work\n")
        assert self.catalog(folder).credentials[0].key == "sk-work"

    def test_a_variable_counts_first(self, folder: Path) -> None:
        (folder / "work_key").write_text("sk-work")
        assert self.catalog(folder, WORK_KEY="sk-mine").credentials[0].key == "sk-mine"

    @pytest.mark.parametrize("content", [None, "", "\n"])
    def test_one_that_is_missing_is_told_with_its_file(
        self, folder: Path, content: str | None
    ) -> None:
        if content is not None:
            (folder / "work_key").write_text(content)
        with pytest.raises(SettingsError) as told:
            self.catalog(folder)
        wanted = (
            f"line 3: WORK_KEY is not set: put the key of work into the file {folder}/work_key."
        )
        assert str(told.value).endswith(wanted)

    def test_one_that_cannot_be_read_is_told(self, folder: Path) -> None:
        (folder / "work_key").mkdir()
        with pytest.raises(SettingsError, match="KEYS_FOLDER has a file that cannot be read"):
            self.catalog(folder)


class TestBad:
    @pytest.mark.parametrize(("good", "bad", "told"), BAD)
    def test_what_is_wrong_is_told_with_its_line(
        self, tmp_path: Path, good: str, bad: str, told: str
    ) -> None:
        assert good in GOOD
        sentence = refusal(tmp_path, GOOD.replace(good, bad, 1))
        assert told in sentence
        assert sentence.startswith("models.toml, line ")
        assert sentence.endswith(".")
        assert "sk-or" not in sentence

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="MODELS_FILE names a file that cannot be read"):
            read_models_file(tmp_path / "none.toml", load(None, KEYS))

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "models.toml"
        path.write_bytes(b"\xff\xfe")
        with pytest.raises(SettingsError, match="cannot be read"):
            read_models_file(path, load(None, KEYS))

    @given(st.text(max_size=80) | st.binary(max_size=40).map(lambda x: x.decode("latin-1")))
    def test_any_text_is_a_catalog_or_a_sentence(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        path = tmp_path_factory.getbasetemp() / "any.toml"
        path.write_text(text, encoding="utf-8", errors="replace")
        with pytest.raises(SettingsError):
            read_models_file(path, load(None, KEYS))

    @given(st.data())
    def test_any_change_is_a_catalog_or_a_sentence(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        begin = data.draw(st.integers(0, len(GOOD)))
        end = data.draw(st.integers(begin, min(begin + 20, len(GOOD))))
        path = tmp_path_factory.getbasetemp() / "changed.toml"
        path.write_text(GOOD[:begin] + data.draw(st.text("[]=\"',.{}#\na1 ")) + GOOD[end:])
        sentence = ""
        try:
            assert read_models_file(path, load(None, KEYS)).default
        except SettingsError as error:
            sentence = str(error)
        assert not sentence or sentence.startswith(f"{path}, line ")


class TestLines:
    DOCUMENT = """\
# a comment
top = 1

[a.b]
x = [ # over
  1,

  { y = 2 }, { z = 3 }
]
"quoted = key" = 1
m.n = '''
[not.a.header]
'''

[[a.list]]
v = 1

[[a.list]]
v = 2
"""

    @pytest.mark.parametrize(
        ("place", "line"),
        [
            (("top",), 2),
            (("a",), 4),
            (("a", "b"), 4),
            (("a", "b", "x"), 5),
            (("a", "b", "x", 0), 6),
            (("a", "b", "x", 1, "y"), 8),
            (("a", "b", "x", 2), 8),
            (("a", "b", "quoted = key"), 10),
            (("a", "b", "m", "n"), 11),
            (("a", "b", "missing"), 4),
            (("a", "list", 0, "v"), 16),
            (("a", "list", 1), 18),
            (("a", "list", 1, "v"), 19),
            (("elsewhere",), 1),
        ],
    )
    def test_of_everything(self, place: tuple[str | int, ...], line: int) -> None:
        assert Lines(self.DOCUMENT).of(place) == line


class TestSettings:
    """The file, read with the settings around it."""

    def test_keys_may_stand_in_the_env_file(self, tmp_path: Path) -> None:
        (tmp_path / "models.toml").write_text(GOOD.replace("OPENROUTER_API_KEY", "MY_OWN_KEY"))
        dotenv = tmp_path / ".env"
        dotenv.write_text(f"MODELS_FILE={tmp_path}/models.toml\nMY_OWN_KEY=sk-1\n")
        assert catalog_of(load(dotenv, {})).credentials[0].key == "sk-1"
        assert catalog_of(load(dotenv, {"MY_OWN_KEY": "sk-2"})).credentials[0].key == "sk-2"
        assert catalog_of(load(dotenv, {"MY_OWN_KEY": ""})).credentials[0].key == "sk-1"

    def test_or_in_files(self, tmp_path: Path) -> None:
        (tmp_path / "models.toml").write_text(GOOD.replace("OPENROUTER_API_KEY", "MY_OWN_KEY"))
        (tmp_path / "secret").write_text("sk-3\n")
        environ = {
            "MODELS_FILE": f"{tmp_path}/models.toml",
            "MY_OWN_KEY_FILE": f"{tmp_path}/secret",
        }
        settings = load(None, environ)
        assert catalog_of(settings).credentials[0].key == "sk-3"
        assert "sk-3" not in repr(settings)

    def test_other_unknown_variables_are_still_refused(self, tmp_path: Path) -> None:
        (tmp_path / "models.toml").write_text(GOOD)
        dotenv = tmp_path / ".env"
        dotenv.write_text(f"MODELS_FILE={tmp_path}/models.toml\nMY_OWN_KEY=sk-1\n")
        with pytest.raises(SettingsError, match="MY_OWN_KEY"):
            load(dotenv, {})

    @pytest.mark.parametrize("text", ["credentials = 7", "[", "credentials.a = 1"])
    def test_an_odd_file_names_no_variables(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "models.toml").write_text(text)
        dotenv = tmp_path / ".env"
        dotenv.write_text(f"MODELS_FILE={tmp_path}/models.toml\n")
        assert load(dotenv, {}).models_file
        dotenv.write_text(f"MODELS_FILE={tmp_path}/none.toml\n")
        assert load(dotenv, {}).models_file

    def test_without_a_file_the_simple_variables_make_the_same(self) -> None:
        environ = {
            "OPENROUTER_API_KEY": "sk-or",
            "OPENROUTER_MODEL": "a/one",
            "OPENROUTER_FALLBACK_MODELS": "b/two,a/one",
        }
        catalog = catalog_of(load(None, environ))
        assert catalog.names == ("a/one", "b/two")
        (account,) = catalog.credentials
        assert (account.name, account.provider) == ("openrouter", Provider.OPENROUTER)
        assert account.key == "sk-or"
