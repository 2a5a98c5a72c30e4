"""What virtual people are called and ask, by language. The demo model knows something on each."""

NAMES = (
    ("Ada", "en"),
    ("Борис", "ru"),
    ("Chidi", "en"),
    ("Дарья", "ru"),
    ("Elena", "en"),
    ("Farid", "en"),
    ("Galina", "ru"),
    ("Hanna", "en"),
)

QUESTIONS = {
    "en": (
        "Hello!",
        "What can you do?",
        "Compare Python and Go in a table",
        "Show me some code",
        "What is 17 * 23?",
        "What did I ask before?",
        "Write a long, detailed guide to PostgreSQL indexes",
        "How do I keep my notes in order?",
        "Which book should I read next, and why?",
        "Explain to me what a database index is",
        "My plants keep dying. What am I doing wrong?",
        "Thank you!",
    ),
    "ru": (
        "Привет!",
        "Что ты умеешь?",
        "Сравни Python и Go в таблице",
        "Покажи код",
        "Сколько будет 144 / 12?",
        "Что я спрашивал раньше?",
        "Напиши подробное руководство по индексам",
        "Как мне навести порядок в заметках?",
        "Какую книгу прочитать следующей?",
        "Объясни, что такое индекс базы данных",
        "Спасибо!",
    ),
}
