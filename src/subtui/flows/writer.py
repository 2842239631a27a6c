"""Writes a flow file from a procedure done by hand: keys, typed text, routes, and messages as expectations."""

import json
from dataclasses import dataclass, field
from datetime import date

from subtui.flows.parser import LONGEST_EXPECTED, LONGEST_LINE

_HEAD = """\
# Recorded by hand. Describe the purpose of each step, and remove the expectations that do not matter.
"""


@dataclass
class WrittenStep:
    """One table of the file to be written."""

    say: str = ""
    press: list[str] = field(default_factory=list)
    type: str = ""
    route: str = ""
    message: str = ""

    @property
    def empty(self) -> bool:
        """Whether it has no actions yet."""
        return not (self.press or self.type)

    @property
    def closed(self) -> bool:
        """Whether the next key belongs into another step: after text, or after a result of the last key."""
        return bool(self.route or self.message)


@dataclass
class Draft:
    """The draft of a flow, with the steps done so far."""

    title: str
    who: str
    start: str
    size: tuple[int, int]
    at: date | None = None
    data: str = ""
    steps: list[WrittenStep] = field(default_factory=list)
    keys: int = 0
    left_out: int = 0
    """The number of keys not recorded, because they were pressed during a sign-in."""
    signed_out: bool = False
    """Whether the draft has ended at a sign-out: a new sign-in is not recorded, and later steps would depend on it."""

    @property
    def done(self) -> bool:
        """Whether there are steps to write."""
        return any(not step.empty for step in self.steps)

    @property
    def last(self) -> tuple[str, str]:
        """The last recorded input: a key, or the text being typed; the other is empty."""
        step = next((step for step in reversed(self.steps) if not step.empty), WrittenStep())
        return ("", step.type) if step.type else (step.press[-1] if step.press else "", "")

    def pressed(self, key: str, *, help_: str = "") -> None:
        """Record a key with an effect; `help_` is the help of its command, for the caption."""
        self.keys += 1
        step = self._open(text=False)
        if len(" ".join([*step.press, written_key(key)])) > LONGEST_LINE:
            step = self._next()
        if help_ and not step.empty:
            step = self._next()  # a command has its own step
        step.say = step.say or help_
        step.press.append(written_key(key))

    def typed(self, character: str) -> None:
        """Record a character typed into a field."""
        step = self._open(text=True)
        if len(step.type) == LONGEST_LINE:
            step = self._next()
        step.type += character

    def corrected(self, before: str) -> None:
        """Remove the deleted character before the cursor from the recorded text.

        `before` is the text up to the cursor: it lacks characters that the field refused. The first character of a
        text is kept, because it may have replaced a selection.
        """
        step = self.steps[-1] if self.steps else None
        if step is not None and len(step.type) > 1 and not step.closed and before.endswith(step.type):
            step.type = step.type[:-1]
        else:
            self.pressed("backspace")

    def taken_back(self) -> None:
        """Remove the last key, because it left the program."""
        if self.steps and self.steps[-1].press:
            self.keys -= 1
            self.steps[-1].press.pop()
            if self.steps[-1].empty:
                self.steps.pop()

    def led_to(self, *, route: str = "", message: str = "") -> None:
        """Record the route or the message that followed the last key; empty if unchanged."""
        if self.steps and not self.steps[-1].empty:
            step = self.steps[-1]
            step.route, step.message = route or step.route, message[:LONGEST_EXPECTED].strip() or step.message

    def _open(self, *, text: bool) -> WrittenStep:
        """The step of the next key. Within a step keys come before text."""
        if not self.steps or self.steps[-1].closed or (self.steps[-1].type and not text):
            return self._next()
        return self.steps[-1]

    def _next(self) -> WrittenStep:
        self.steps.append(WrittenStep())
        return self.steps[-1]

    def toml(self) -> str:
        """The text of the file."""
        lines = [_HEAD, f"title = {_text(self.title)}", 'purpose = ""', f"as = {_text(self.who)}"]
        lines += [f"at = {self.at.isoformat()}"] if self.at else []
        lines += [f"data = {_text(self.data)}"] if self.data else []
        lines += [f'size = "{self.size[0]}x{self.size[1]}"', f"start = {_text(self.start)}"]
        for step in self.steps:
            if step.empty:
                continue
            lines += ["", "[[step]]"]
            lines += [f"say = {_text(step.say)}"] if step.say else []
            lines += [f"press = {_text(' '.join(step.press))}"] if step.press else []
            lines += [f"type = {_text(step.type)}"] if step.type else []
            lines += [f"route = {_text(step.route)}"] if step.route else []
            if step.message:
                lines += [f'expect = {{ text = {_text(step.message)}, where = "message" }}']
        return "\n".join(lines) + "\n"


def written_key(key: str) -> str:
    """A key as in a flow file: blanks separate keys, so the space bar has a name."""
    return "space" if key == " " else key


def _text(text: str) -> str:
    """Text in quotes: TOML's basic strings are those of JSON, except for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
