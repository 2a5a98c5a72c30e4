"""What a question is about, as far as that decides who is asked. Pure."""

import re

#: any of them is enough
_CODE = re.compile(
    r"""
    ^[ \t]*(```|~~~)                                           # a fence
    | ^Traceback\ \(most\ recent\ call\ last\)
    | ^[ \t]*File\ "[^"\n]{1,200}",\ line\ [0-9]
    | ^[ \t]+at\ [\w$.<>]{1,200}\([\w$.\ -]{1,200}(:[0-9]+){0,2}\)   # a frame of Java or JavaScript
    | \b[A-Z]\w{2,40}(Error|Exception):[ ]
    | ^error(\[E[0-9]{4}\])?:[ ]
    | ^[+-]{3}\ [ab]/                                        # a patch
    | ^\#!/|^\#include\ [<"]|^<\?php
    """,
    re.MULTILINE | re.VERBOSE,
)

#: lines of many languages; prose may have one of them by chance
_LINE = re.compile(
    r"""
    (
        (async\ )?def\ \w+\(.*:$
        | class\ \w+.*[:{]$
        | (from\ [\w.]+\ )?import\ [\w.{*]
        | ((export|public|private|static|async)\ )*(function|fn|func|interface|struct|enum)\ \w+
        | (const|let|var|val)\ \w+\ *(:[^=]{1,80})?=
        | (if|for|while|switch|elif)\b.{1,200}[:{]$
        | (return|yield|await|raise|throw)\b.{0,200}(;|\)|\w)$
        | (select|insert\ into|update|delete\ from|create\ table|alter\ table)\ .{1,400}
        | [\w.\]\[]{1,80}\ *(:?=|\+=|-=)\ *\S.*
        | [\w.]{1,80}\(.{0,400}\);?$
        | .{1,400}[;{]$
        | [}\])]{1,3}[;,)]{0,3}$
        | </?\w[^>]{0,200}>$
        | (\$|>>>|\#)\ (sudo|apt|pip|npm|git|docker|kubectl|cd|python3?|make)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LINES_ENOUGH = 2

_LANGUAGE = (
    r"python|javascript|typescript|java|kotlin|golang|rust|c\+\+|c#|php|ruby|swift|scala|haskell|perl"
    r"|bash|shell|powershell|sql|postgres(ql)?|html|css|react|django|fastapi|docker(file)?|kubernetes"
    r"|regexp?|регулярк\w*|питон\w*|джаваскрипт\w*"
)
_WORK = (
    r"functions?|scripts?|class(es)?|quer(y|ies)|code|program|bugs?|errors?|unit tests?|algorithms?"
    r"|expressions?|snippets?|compil\w+|refactor\w*|debug\w*|implement\w*|one-liner"
    r"|функци\w*|скрипт\w*|класс\w*|запрос\w*|код\w{0,3}|программ\w*|ошибк\w*|алгоритм\w*"
    r"|выражени\w*|рефактор\w*|отлад\w*"
)
_ASKS = tuple(re.compile(rf"(?<!\w)({words})(?!\w)", re.IGNORECASE) for words in (_LANGUAGE, _WORK))

#: characters; what a question is about shows before
_LOOKED_AT = 20_000
_LINE_LOOKED_AT = 500


def is_about_code(question: str) -> bool:
    """Whether it holds code, or asks for some: a guess by typical signs, in English and Russian."""
    text = question[:_LOOKED_AT]
    if _CODE.search(text):
        return True
    lines = (line.strip()[:_LINE_LOOKED_AT] for line in text.splitlines())
    if sum(bool(_LINE.match(line)) for line in lines) >= _LINES_ENOUGH:
        return True
    return all(asks.search(text) for asks in _ASKS)
