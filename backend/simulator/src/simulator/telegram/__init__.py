"""Telegram, simulated: the Bot API on one side, people on the other, one world between them."""
