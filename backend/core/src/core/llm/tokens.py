"""How many tokens a text is, without any model's own tokenizer.

A deliberate over-estimate: about 4 bytes of English make a token with common tokenizers, about 2.5
bytes of Cyrillic or Greek, and a CJK character (3 bytes) or an emoji (4 bytes) one to two. Counting
a token for 3 bytes of ASCII and for 2 bytes of anything else stays on the safe side of these.
"""

ASCII_BYTES_PER_TOKEN = 3
OTHER_BYTES_PER_TOKEN = 2


def estimate_tokens(text: str) -> int:
    size = len(text.encode("utf-8", "surrogatepass"))
    ascii_size = len(text.encode("ascii", "ignore"))
    others = size - ascii_size
    return -(-ascii_size // ASCII_BYTES_PER_TOKEN) + -(-others // OTHER_BYTES_PER_TOKEN)
