"""The schema's history. Names start with the date; the template carries the locking rule."""
