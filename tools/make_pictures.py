"""Draw docs/pictures/*.svg: the program itself, on the demo data and the demo's day, without a terminal.

Run `python tools/make_pictures.py` after a change of the screens. The same program draws the same files.
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path

from subtui.flows.surroundings import make_neutral

make_neutral()

from textual.pilot import Pilot  # noqa: E402

from subtui.app.app import SubtuiApp  # noqa: E402
from subtui.clock import Clock  # noqa: E402
from subtui.flows.pictures import plain  # noqa: E402
from subtui.launch import Launch  # noqa: E402

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
DEMO_DAY = date(2026, 3, 2)
SIZE = (100, 30)
CONTACT = "/contacts/1007"
SUBSCRIPTION = "/subscriptions/1042"

Step = tuple[str, ...] | str
"""Keys pressed one after the other, or a name: the picture taken here."""

FILLED_IN: tuple[Step, ...] = (("x",), ("t",))
WALKS: tuple[tuple[str | None, str, tuple[Step, ...]], ...] = (
    (None, "/", ("sign_in",)),
    ("agent", "/", (("l", "o", "p"), "dashboard")),
    ("agent", f"{CONTACT}/orders", ("orders",)),
    ("agent", "/orders/1881/refund", (("d",), "refund", ("ctrl+s",), ("y",), "order")),
    ("agent", "/reports", (("f",), "reports")),
    ("owner", "/admin/billing", ("billing",)),
    ("owner", "/account/cancel", (("u",), "cancellation")),
    ("agent", SUBSCRIPTION, (*FILLED_IN, "subscription", ("ctrl+s",), ("l",), "letter")),
)


async def settle(app: SubtuiApp, pilot: Pilot[int]) -> None:
    """Wait until every question is answered and drawn."""
    for _ in range(3):
        await pilot.pause()
        while app.desk.pending:
            await asyncio.wait([asyncio.wrap_future(future) for future in tuple(app.desk.pending)])
            await pilot.pause()


async def walk(database: Path, who: str | None, route: str, steps: tuple[Step, ...]) -> dict[str, str]:
    """The pictures taken on one walk through the program."""
    app = SubtuiApp(Launch(where=str(database), clock=Clock(DEMO_DAY), route=route, sign_in_as=who))
    taken: dict[str, str] = {}
    async with app.run_test(size=SIZE) as pilot:
        await settle(app, pilot)
        for step in steps:
            if isinstance(step, str):
                taken[step] = plain(app.export_screenshot(title="subtui", simplify=True))
                continue
            for key in step:
                await pilot.press(key)
                await settle(app, pilot)
    return taken


def draw() -> dict[str, str]:
    """Every picture by its name."""
    taken: dict[str, str] = {}
    for number, (who, route, steps) in enumerate(WALKS):
        with tempfile.TemporaryDirectory() as folder:
            taken |= asyncio.run(walk(Path(folder) / f"{number}.db", who, route, steps))
    return taken


def main() -> None:
    """Write them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, svg in draw().items():
        (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
        print(f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    main()
