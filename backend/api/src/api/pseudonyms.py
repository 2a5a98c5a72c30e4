"""Names for people whose names analysts do not see: the same person, the same words.

A name is the last twenty bits of the person's id: eight for the digits, six for each word.
"""

from uuid import UUID

from core.stats.search import Ending

_HOW = """
    Amber Bold Brisk Calm Clever Coral Dusty Eager Early Fair Gentle Golden Grand Happy Hazel Jolly
    Keen Kind Light Lively Lucky Mellow Merry Misty Noble Olive Patient Proud Quick Quiet Rosy Rusty
    Sandy Scarlet Silent Silver Sleek Smooth Snowy Solid Spry Steady Still Sunny Swift Tidy Velvet
    Vivid Warm Wild Windy Wise Witty Young Zesty Azure Cedar Cosy Crisp Frosty Mossy Nimble Pearl
    Teal
""".split()  # noqa: SIM905 - words read better as a text
_WHAT = """
    Badger Bear Beaver Bison Crane Cricket Deer Dolphin Dove Eagle Elk Falcon Ferret Finch Fox Gecko
    Goose Hare Hawk Hedgehog Heron Horse Ibis Jay Koala Lark Lemur Lizard Lynx Marten Mole Moose
    Moth Newt Otter Owl Panda Parrot Pelican Pigeon Pony Puffin Quail Rabbit Raven Robin Salmon Seal
    Sheep Snail Sparrow Squirrel Stork Swan Tern Thrush Toad Trout Turtle Walrus Weasel Whale Wren
    Zebra
""".split()  # noqa: SIM905


def pseudonym(public_id: UUID) -> str:
    """Two words and two digits; different people seldom share one, and the id always tells."""
    number, how = divmod(public_id.int & 0xFFFFF, len(_HOW))
    digits, what = divmod(number, len(_WHAT))
    return f"{_HOW[how]} {_WHAT[what]} {digits:02x}"


def ending(words: str) -> Ending | None:
    """What the ids of people end with whose pseudonym has these words, in their order."""
    mask = bits = 0
    for word in words.split():
        part = _PARTS.get(word.lower())
        if part is None or part.mask <= mask:
            return None
        mask, bits = mask | part.mask, bits | part.bits
    return Ending(mask=mask, bits=bits) if mask else None


_PARTS = {
    **{word.lower(): Ending(mask=0x3F, bits=at) for at, word in enumerate(_HOW)},
    **{word.lower(): Ending(mask=0x3F << 6, bits=at << 6) for at, word in enumerate(_WHAT)},
    **{f"{at:02x}": Ending(mask=0xFF << 12, bits=at << 12) for at in range(256)},
}
assert len(_HOW) == len(_WHAT) == 64  # noqa: PLR2004 - six bits
