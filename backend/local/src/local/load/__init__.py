"""The product under load: analysts at the API, and people in chats beside them.

`python -m local.load` starts all of it in the simulator, has locust be the crowd, and holds what
was measured, and what the chats show in the end, against what may be.

    run ──> stack ──> crowd (locust, in a process of its own) ──> figures ─┐
     └────────────────> witness (the chats' own histories) ───────────────┴─> verdict ──> table
"""
