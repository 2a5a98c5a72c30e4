"""The product under load, and whether each question was answered exactly once."""
