"""Methods of a screen that await the backend."""

from collections.abc import Callable, Coroutine
from functools import partial, update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from textual.dom import DOMNode
from textual.worker import Worker

from subtui.app.backend_client import Fault, Refusal
from subtui.domain.errors import Cancelled, SubtuiError

P = ParamSpec("P")
S = TypeVar("S", bound=DOMNode)


def asks(
    about: str, *, newest: bool = False
) -> Callable[[Callable[Concatenate[S, P], Coroutine[Any, Any, None]]], Callable[Concatenate[S, P], None]]:
    """Run a method of a screen or of the app in a worker. It receives a SubtuiError as Refusal, named by `about`.

    With `newest`, a call cancels the earlier one with the same `about`: a waiting request is never sent, so that typing
    does not queue searches.
    """

    def decorate(method: Callable[Concatenate[S, P], Coroutine[Any, Any, None]]) -> Callable[Concatenate[S, P], None]:
        def start(screen: S, *args: P.args, **options: P.kwargs) -> None:
            # No coroutine yet: one that is cancelled before it begins would never be awaited.
            work: Callable[[], Coroutine[None, None, None]] = partial(
                _reported, screen, partial(method, screen, *args, **options), about
            )
            _worker: Worker[None] = screen.run_worker(work, name=about, group=about, exclusive=newest)

        return cast("Callable[Concatenate[S, P], None]", update_wrapper(start, method))

    return decorate


async def _reported(screen: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], about: str) -> None:
    try:
        await work()
    except Cancelled:
        return
    except SubtuiError as error:
        screen.post_message(Refusal(error, about))
    except Exception as error:
        screen.post_message(Fault(error))
