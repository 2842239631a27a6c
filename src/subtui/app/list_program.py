"""The part of the app that serves lists on any screen: what every list can do, and saved views."""

from textual import on

from subtui.app.base_screen import BaseScreen
from subtui.app.program import Program
from subtui.app.widgets.record_table import RecordTable


class ListProgram(Program):
    """Hands what is wanted of a list, and the saved views, to the screen that is on top."""

    @on(RecordTable.Wanted)
    def _wanted_of_list(self, event: RecordTable.Wanted) -> None:
        from subtui.app import list_tools  # noqa: PLC0415  (not for the first frame)

        if isinstance(self.screen, BaseScreen):
            list_tools.run(self.screen, event.table, event.command_id)

    def do_app_views(self) -> None:
        """Show the saved views."""
        from subtui.app.view_opening import choose_view  # noqa: PLC0415  (only when asked for)

        if isinstance(self.screen, BaseScreen):
            choose_view(self.screen)
