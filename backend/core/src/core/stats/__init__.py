"""Statistics that reconcile.

A turn's facts are booked into rollups in the transaction that makes them true (`rollup`); `rebuild`
makes the same rollups from the raw rows. Questions are put to `query`, in terms of `metrics`.
"""
