"""Statistics at full size: how fast the API answers, and whether four engines agree with it.

`python -m local.bench_stats` fills a PostgreSQL of its own with made-up history, asks the API's
endpoint while nothing and while 100 turns a second are written, and puts the same questions to the
raw rows in PostgreSQL, DuckDB and ClickHouse (chDB).
"""
