"""An OpenAI/OpenRouter-compatible provider with replies of its own and faults to order."""
