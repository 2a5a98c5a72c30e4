"""The simulated model's words, in English and Russian."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    memory: re.Pattern[str]
    nothing_before: str
    before: str
    sum: str
    #: the first pattern found in the question chooses the text
    topics: tuple[tuple[re.Pattern[str], str], ...]
    other: str


_CODE = '''```python
from collections.abc import Iterator


def fibonacci(limit: int) -> Iterator[int]:
    """Numbers of the sequence below the limit."""
    current, following = 0, 1
    while current < limit:
        yield current
        current, following = following, current + following


print(list(fibonacci(100)))
```'''

_TABLE = """| | Python | Go |
|---|---|---|
| Typing | dynamic, optional hints | static |
| Concurrency | asyncio, threads | goroutines |
| Start-up | tens of milliseconds | milliseconds |
| Packaging | wheels and a lock file | one binary |
| Best at | data, glue, services | servers, tools |"""

_INDEXES = (
    ("B-tree", "the default: equality, ranges and sorting on one or more columns", "(created_at)"),
    ("Partial", "a B-tree over the rows that a condition selects", "(id) WHERE state = 'pending'"),
    ("Expression", "what a query computes instead of what a column holds", "(lower(email))"),
    (
        "Covering",
        "carries further columns, so that the table need not be read",
        "(id) INCLUDE (name)",
    ),
    ("GIN", "many values in one row: arrays, documents, words of a text", "USING gin (tags)"),
    ("GiST", "things that overlap or lie near: ranges, shapes", "USING gist (period)"),
    ("BRIN", "huge tables whose order on disk follows a column", "USING brin (created_at)"),
    ("Hash", "equality only, on long values", "USING hash (token)"),
)


def _guide() -> str:
    sections = [
        f"## {number}. {name}\n\n"
        f"Use it for {purpose}.\n\n"
        f"```sql\nCREATE INDEX CONCURRENTLY ON orders {example};\n```\n\n"
        "- **Reading** gets faster when the condition selects few rows: below a few percent of the "
        "table an index wins, above it a sequential scan does.\n"
        "- **Writing** gets slower, for every index is one more structure to keep. An update of a "
        "column that no index holds can stay on its page.\n"
        "- **Look before and after** with `EXPLAIN (ANALYZE, BUFFERS)`: the number of buffers says "
        "more than the time, which depends on what happens to be in memory.\n"
        for number, (name, purpose, example) in enumerate(_INDEXES, 1)
    ]
    return (
        "# PostgreSQL indexes, a guide\n\n"
        "An index answers a question about a table without reading the table. This is how to "
        "choose one.\n\n" + "\n".join(sections) + "\n## In short\n\n"
        "1. Write the query first, then the index that serves it.\n"
        "2. Drop what `pg_stat_user_indexes` says nobody reads.\n"
        "3. Measure on data of the size that production has.\n"
    )


ENGLISH = Phrases(
    memory=re.compile(r"what (did|have) i|(said|asked|wrote) (before|earlier)|my (last|previous)"),
    nothing_before="This is the first message of our conversation, so there is nothing before it.",
    before="Before this you wrote:\n\n{questions}\n\nI still have it in front of me.",
    sum="`{sum}`",
    topics=(
        (
            re.compile(r"what can you do|who are you|help"),
            (
                "I am the **demo model** of the Parley simulator. I follow a few simple rules, but all "
                "that you see around me is real: the streaming, the storage, the delivery.\n\n"
                "Try one of these:\n\n"
                "- *Compare Python and Go in a table*\n"
                "- *Show me some code*\n"
                "- *Write a long, detailed guide to PostgreSQL indexes*\n"
                "- *What is 17 * 23?*\n"
                "- *What did I ask before?*\n\n"
                "While I write, **Stop** ends the answer. `/new` starts a new conversation."
            ),
        ),
        (
            re.compile(r"\blong\b|detailed|guide|essay"),
            _guide(),
        ),
        (
            re.compile(r"table|compare|versus|\bvs\b"),
            (
                f"Here they are side by side:\n\n{_TABLE}\n\nIn short: **Python** when people's time "
                "counts, **Go** when the machine's does."
            ),
        ),
        (
            re.compile(r"code|python|function|program|script|sql"),
            (
                f"A small generator in Python:\n\n{_CODE}\n\nIt yields one number at a time, so a big "
                "`limit` costs no memory."
            ),
        ),
        (
            re.compile(r"^\W*(hi|hello|hey|good (morning|evening|day))\b"),
            "Hello! What would you like to talk about? Ask *What can you do?* for a few ideas.",
        ),
        (
            re.compile(r"thank"),
            "You are welcome!",
        ),
    ),
    other=(
        "You wrote:\n\n{question}\n\nThat is {words} words. A real model would now have an "
        "opinion; I am the simulator's, and I can offer **structure** instead:\n\n"
        "1. *What is known?* Everything in the quotation above.\n"
        "2. *What is asked?* Whatever ends with a question mark.\n"
        "3. *What next?* Set `OPENROUTER_API_KEY`, and the same bot answers with a real model."
    ),
)

RUSSIAN = Phrases(
    memory=re.compile(r"что я (спрашивал|говорил|писал|спросил|написал)|раньше|до этого"),
    nothing_before="Это первое сообщение нашего разговора: до него ничего не было.",
    before="До этого вы писали:\n\n{questions}\n\nЯ всё помню.",
    sum="`{sum}`",
    topics=(
        (
            re.compile(r"что ты умеешь|кто ты|помощь|помоги"),
            (
                "Я **демонстрационная модель** симулятора Parley. Правила мои просты, но всё вокруг "
                "настоящее: поток, хранение, доставка.\n\nПопробуйте:\n\n"
                "- *Сравни Python и Go в таблице*\n- *Покажи код*\n- *Напиши подробное руководство*\n"
                "- *Сколько будет 17 * 23?*\n- *Что я спрашивал раньше?*\n\n"
                "Пока я пишу, **Стоп** прерывает ответ. `/new` начинает новый разговор."
            ),
        ),
        (re.compile(r"подробн|длинн|руководств"), _guide()),
        (
            re.compile(r"таблиц|сравни"),
            (
                f"Вот они рядом:\n\n{_TABLE}\n\nКоротко: **Python**, когда дорого время людей, **Go**, "
                "когда дорого время машины."
            ),
        ),
        (
            re.compile(r"код|функци|программ|питон|python"),
            (
                f"Небольшой генератор на Python:\n\n{_CODE}\n\nЧисла выдаются по одному, и большой "
                "`limit` не стоит памяти."
            ),
        ),
        (
            re.compile(r"привет|здравствуй|добрый (день|вечер)|доброе утро"),
            "Здравствуйте! О чём поговорим? Спросите *Что ты умеешь?*, и я предложу темы.",
        ),
        (re.compile(r"спасибо"), "Пожалуйста!"),
    ),
    other=(
        "Вы написали:\n\n{question}\n\nСлов: {words}. Настоящая модель высказала бы мнение, а я "
        "модель симулятора и предложу **порядок**:\n\n"
        "1. *Что известно?* Всё, что в цитате.\n"
        "2. *Что спрашивается?* То, что кончается вопросительным знаком.\n"
        "3. *Что дальше?* Задайте `OPENROUTER_API_KEY`, и тот же бот ответит настоящей моделью."
    ),
)
