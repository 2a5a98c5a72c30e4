"""Names for people whose names analysts do not see: the same person, the same words."""

from uuid import UUID

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
    number = int.from_bytes(public_id.bytes[9:])
    number, how = divmod(number, len(_HOW))
    number, what = divmod(number, len(_WHAT))
    return f"{_HOW[how]} {_WHAT[what]} {number % 256:02x}"
