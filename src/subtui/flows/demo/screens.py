"""The three screens of the demo player: the list of flows, the played flow, and its summary."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from subtui.app.content import concat, hanging_indent, safe, wrap_items
from subtui.flows.bar import BAR_ROWS, Caption, words_room
from subtui.flows.demo.caption_bar import CaptionBar
from subtui.flows.demo.embedded_app import EmbeddedApp
from subtui.flows.demo.keys import BETWEEN, GIVE_BACK, Room, hint_line, hints, watch_bindings
from subtui.flows.demo.playback import Playback, State
from subtui.flows.demo.program import DemoProgram
from subtui.flows.demo.stage_view import StageView
from subtui.flows.flow import Flow, Section, minutes
from subtui.flows.text_export import keys_of

_WIDEST = 92
_AROUND = 16
"""The cells of a line without text: margins, padding, and the scrollbar."""


class DemoScreen(Screen[None]):
    """The base of the three screens."""

    @property
    def demo(self) -> DemoProgram:
        """The app, with its own type."""
        return cast("DemoProgram", self.app)

    def action_leave(self) -> None:
        """Leave."""
        self.demo.exit(0)


class FlowList(DemoScreen):
    """The list of all flows, with their titles and durations."""

    BINDINGS = watch_bindings(Room.LIST)

    def __init__(self, flows: Sequence[Flow], chosen: str = "") -> None:
        super().__init__()
        self._flows, self._chosen = flows, chosen

    def compose(self) -> ComposeResult:
        """Compose the list, with a line above and one below."""
        yield Static(safe("Watch a procedure. It plays on throwaway data."), classes="lead")
        yield OptionList(*(Option(self._words(flow)) for flow in self._flows), id="flows", markup=False)
        yield Static(safe(f"↑↓ Choose  {hint_line(Room.LIST, 'play', 'leave')}"), classes="keys")

    def _words(self, flow: Flow, *, marked: bool = False) -> Content:
        room = max(min(self.demo.size.width, _WIDEST) - _AROUND, 20)
        quiet = "" if marked else "$muted"  # muted text on the background of the mark is unreadable in some themes
        head = concat("› " if marked else "  ", safe(flow.title, "bold"), safe(f"   {minutes(flow.seconds)}", quiet))
        return Content("\n").join([head, *hanging_indent("  ", flow.purpose, room, style=quiet), Content("")])

    def on_mount(self) -> None:
        """Mark the last played flow, else the first."""
        names = [flow.name for flow in self._flows]
        listed = self.query_one(OptionList)
        listed.highlighted = names.index(self._chosen) if self._chosen in names else 0
        listed.focus()

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        """Mark the flow with a sign, not only with a colour."""
        self._mark(event.option_index)

    def on_resize(self) -> None:
        """Wrap again after a resize."""
        self._mark(self.query_one(OptionList).highlighted)

    def _mark(self, marked: int | None) -> None:
        listed = self.query_one(OptionList)
        for at, known in enumerate(self._flows):
            listed.replace_option_prompt_at_index(at, self._words(known, marked=at == marked))

    @on(OptionList.OptionSelected)
    def _chose(self, event: OptionList.OptionSelected) -> None:
        self.demo.play(self._flows[event.option_index])

    def action_play(self) -> None:
        """Play the marked flow."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.demo.play(self._flows[at])


class Playing(DemoScreen):
    """The played program, with the caption bar below it."""

    BINDINGS = watch_bindings(Room.PLAYING)

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        self._flow = flow
        self._playback: Playback | None = None
        self.apart = EmbeddedApp(lambda: self.is_attached)
        self._by_hand = False

    def compose(self) -> ComposeResult:
        """Compose the program and the bar below it."""
        yield StageView()
        yield CaptionBar(self.demo.look)

    def on_mount(self) -> None:
        """Show the title of the flow; once it is drawn, start it."""
        width, height = self._flow.size
        smaller = self._room()[0] < width or self._room()[1] < height
        foot = f"Made for {width} × {height}; it adapts to this terminal." if smaller else "Getting ready …"
        self.query_one(CaptionBar).show(Caption(self._flow.title, foot=foot))
        self.query_one(StageView).focus()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._playback = Playback(
            self._flow, self.demo.copies, self, size=self._room(), data=self.demo.data, theme=self.demo.look
        )
        self.apart.begin(self._playback.run)

    def _room(self) -> tuple[int, int]:
        return self.size.width, max(self.size.height - BAR_ROWS, 1)

    def on_resize(self) -> None:
        """Give the program the room above the bar."""
        if self._playback is not None:
            self._playback.resize(self._room())

    # --- callbacks from the inner app -------------------------------------------------------------------------------

    def painted(self, strips: Sequence[Strip]) -> None:
        """Show a new frame of the program."""
        self.apart.tell(lambda: self.query_one(StageView).show(strips))

    def told(self, state: State) -> None:
        """Show the new state of the flow."""
        self.apart.tell(lambda: self._say(state))

    def finished(self, flow: Flow) -> None:
        """Show the summary at the end of the flow."""
        self.apart.tell(lambda: self.demo.show_end(flow))

    def failed(self, error: BaseException) -> None:
        """End with the error of the program."""
        self.apart.tell(lambda: self.demo.fail(error))

    def _say(self, state: State) -> None:
        self._by_hand = state.by_hand
        caption = state.caption
        if state.by_hand:
            foot = hint_line(Room.BY_HAND, "give_back")
            words = "You are in control. " + (state.note or f"Current step: {caption.text}")
            self.query_one(CaptionBar).show(Caption(words, place=caption.place, foot=foot))
            return
        keys = hint_line(Room.PLAYING, "pause", "forward", "back", "take", "keys")
        foot = keys if state.playing else keys.replace("space Pause", "space Continue", 1)
        speed = "" if state.speed == 1 else f"{state.speed:g}× "
        text = caption.text
        if state.note:
            text = f"{text} — {state.note}" if text else state.note
        self.query_one(CaptionBar).show(replace(caption, text=text, foot=foot, place=f"  {speed}{caption.place}"))

    # --- keys -------------------------------------------------------------------------------------------------------

    def takes(self, event: events.Key | events.Paste) -> bool:
        """Pass a key to the played program, if it belongs to it; returns whether it does."""
        if not self._by_hand or self._playback is None:
            return False
        if isinstance(event, events.Key) and event.key == GIVE_BACK:
            self._playback.give_back()
        else:
            self._playback.key(event)
        return True

    def _do(self, act: Callable[[Playback], None]) -> None:
        if self._playback is not None:
            act(self._playback)

    def action_pause(self) -> None:
        """Pause, or continue."""
        self._do(Playback.pause)

    def action_keys(self) -> None:
        """Show all keys in place of the caption, until the next key."""
        every = hints(Room.PLAYING, "pause", "forward", "back", "take", "faster", "slower", "restart", "leave")
        if self._playback is not None and not self._by_hand:
            self._playback.stand_still()
            words = "\n".join(wrap_items(every, words_room(self.size.width), between=BETWEEN))
            self.apart.tell(lambda: self.query_one(CaptionBar).show(Caption(words)))

    def action_forward(self) -> None:
        """Go to the next step at once."""
        self._do(Playback.forward)

    def action_back(self) -> None:
        """Go to the previous step."""
        self._do(Playback.back)

    def action_take(self) -> None:
        """Take over the keys."""
        self._do(Playback.take)

    def action_faster(self) -> None:
        """Play faster."""
        self._do(Playback.faster)

    def action_slower(self) -> None:
        """Play slower."""
        self._do(lambda playback: playback.faster(-1))

    def action_restart(self) -> None:
        """Restart the flow."""
        self._do(Playback.restart)


class Ended(DemoScreen):
    """The summary of the flow: its steps, each with its keys."""

    BINDINGS = watch_bindings(Room.END)

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        self._flow = flow

    def compose(self) -> ComposeResult:
        """Compose the scrolling steps, and the keys."""
        watched = self._flow
        yield Static(concat(safe("Finished: "), safe(watched.title, "bold $primary")), classes="lead")
        with VerticalScroll(id="steps"), Vertical():
            for number, passage in enumerate(watched.passages, 1):
                yield Static(self._step(number, passage), classes="step")
        pressed = f"{watched.keys} {'keystroke' if watched.keys == 1 else 'keystrokes'}"
        yield Static(safe(f"{pressed}. Your own data was not changed.", "$muted"), classes="sum")
        yield Static(safe(hint_line(Room.END, "restart", "flows", "leave")), classes="keys")

    def _step(self, number: int, passage: Section) -> Content:
        head = f"{number:>2}  "
        room = max(min(self.demo.size.width, _WIDEST) - _AROUND, 20)
        lines = hanging_indent(head, passage.say or "At the start.", room)
        keys = keys_of(action for step in passage.steps for action in step.actions)
        if keys:
            lines += hanging_indent(" " * len(head), keys, room, style="$primary")
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        """Focus the steps, so that the arrow keys scroll them."""
        self.query_one(VerticalScroll).focus()

    def action_restart(self) -> None:
        """Play it again."""
        self.demo.play(self._flow)

    def action_flows(self) -> None:
        """Choose another flow."""
        self.demo.choose(self._flow.name)
