"""Opens a saved view from any screen, or removes it."""

from typing import TYPE_CHECKING

from subtui.acts.saved_views import ListSavedViews, RemoveView
from subtui.app import routes
from subtui.app.screens.saved_views import SavedViews, ViewChoice
from subtui.app.workers import asks
from subtui.domain.saved_views import Listing

if TYPE_CHECKING:
    from subtui.app.base_screen import BaseScreen


@asks("views", newest=True)
async def choose_view(screen: "BaseScreen") -> None:
    """Show the saved views, and do what is chosen there."""
    views = await screen.read(ListSavedViews())

    def chosen(choice: ViewChoice | None) -> None:
        if choice is None:
            return
        if choice.remove:
            _remove(screen, choice.view.id)
        elif choice.view.listing is Listing.CONTACTS:
            screen.subtui.search_for(choice.view.query)
        else:
            screen.subtui.go(routes.to("subscriptions", view=choice.view.id))

    screen.app.push_screen(SavedViews(views, screen.subtui.format), chosen)


@asks("views")
async def _remove(screen: "BaseScreen", view_id: int) -> None:
    name = await screen.do(RemoveView(view_id))
    screen.say(f"Removed the view “{name}”.", "done")
