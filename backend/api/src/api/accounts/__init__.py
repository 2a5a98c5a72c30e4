"""Who may read the statistics: accounts, sign-ins, lockout and the record of what was done.

current.py ── what other routes ask for: Reader, Admin
signing.py ── one try to sign in: cache, lockout, password
audit.py   ── who did what
"""
