"""The top bar: the breadcrumbs, the user and the day."""

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from subtui.app.content import cells, concat, fitted, safe


class TopBar(Widget):
    """The breadcrumbs on the left, the user and the day on the right, a rule below."""

    DEFAULT_CSS = """
    TopBar { dock: top; height: 2; width: 100%; padding: 0 1; border-bottom: solid $rule; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__(id="top-bar")
        self.breadcrumbs: tuple[str, ...] = ()
        self.right = ""
        self._right = ""  # the part of it that fits
        self._lead = ""  # the breadcrumbs before the last one, as drawn
        self._padding = 1

    def show(self, crumbs: tuple[str, ...], right: str) -> None:
        """Show these breadcrumbs, user and day."""
        self.breadcrumbs, self.right = crumbs, right
        self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Open the account menu by a click on the right; go back by a click on an earlier breadcrumb."""
        if self._right and event.x >= self.size.width - cells(self._right):
            await self.run_action("screen.command('app.menu')")
        elif event.x - self._padding < cells(self._lead):
            first = event.x - self._padding < cells(self.breadcrumbs[0]) and self._lead.startswith("Dashboard")
            await self.run_action(f"screen.command('app.{'search' if first else 'back'}')")

    def render(self) -> RenderResult:
        """Draw one line: earlier breadcrumbs are shortened first, then the right side."""
        room = max(self.size.width, 1)
        right = self.right if cells(self.right) + 20 <= room else self.right.split(" · ")[-1]
        if cells(right) + 12 > room:
            right = ""
        self._right = right
        left_room = room - cells(right) - (2 if right else 0)
        crumbs = list(self.breadcrumbs)
        while len(crumbs) > 2 and cells(" › ".join(crumbs)) > left_room:
            del crumbs[0]
        *before, here = crumbs or [""]
        lead = "".join(f"{crumb} › " for crumb in before)
        if cells(lead) + cells(here) > left_room:
            shared = max(left_room - cells(here) - 3, left_room // 3)
            lead = fitted(" › ".join(before), shared).rstrip() + " › " if before else ""
        self._lead = lead
        here = fitted(here, max(left_room - cells(lead), 0))
        gap = " " * (2 if right else 0)
        return concat(safe(lead, "$muted"), safe(here, "bold"), Content(gap), safe(right, "$muted"))
