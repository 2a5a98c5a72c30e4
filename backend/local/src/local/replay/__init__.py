"""Real dialogs through the whole path, and what the people saw of it.

`python -m local.replay` starts PostgreSQL, the simulator and the bot, lets every dialog's author
write to the bot, many at once, and compares what each chat shows with what was asked. A second run
kills the bot with SIGKILL at random moments.
"""
