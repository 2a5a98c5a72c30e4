"""A `ChatModel` that says what it is told to, for tests."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from core.llm.errors import ModelError
from core.llm.model import Completion, Event, Finish, Finished, Prompt, Token
from core.llm.usage import Usage

#: text to stream, seconds of silence, an error to raise, or an event as it is
Step = str | float | ModelError | Event


class ScriptedModel:
    """Plays one script a call, the last one again and again; remembers what it was asked.

    A script with text ends in a Finished of that text, unless it brings its own end.
    """

    def __init__(self, *scripts: Sequence[Step], name: str = "scripted") -> None:
        self._scripts = scripts or (["Hello!"],)
        self._name = name
        self.prompts: list[Prompt] = []
        #: calls that were closed before their end
        self.interrupted = 0

    @property
    def name(self) -> str:
        return self._name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        script = self._scripts[min(len(self.prompts), len(self._scripts) - 1)]
        self.prompts.append(prompt)
        try:
            for step in script:
                if isinstance(step, ModelError):
                    raise step
                if isinstance(step, int | float):
                    await asyncio.sleep(step)
                else:
                    yield Token(text=step) if isinstance(step, str) else step
            text = "".join(step for step in script if isinstance(step, str))
            if text and not any(isinstance(step, Finished) for step in script):
                yield Finished(completion=self._completion(text))
        except (asyncio.CancelledError, GeneratorExit):
            self.interrupted += 1
            raise

    def _completion(self, text: str) -> Completion:
        return Completion(
            text=text,
            finish=Finish.STOP,
            model=self._name,
            provider=None,
            generation_id=None,
            usage=Usage(prompt_tokens=10, completion_tokens=len(text)),
        )
