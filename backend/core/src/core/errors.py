"""Errors that end a program with one sentence for the person who started it.

StartupError
└── SettingsError   a variable is missing, wrong or unknown
"""


class StartupError(Exception):
    """The message is a whole sentence that names the variable or thing and the remedy."""


class SettingsError(StartupError):
    """Raised before anything is started."""
