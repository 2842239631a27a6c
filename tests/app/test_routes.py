"""Routes: addresses with parameters, and the forms that they prepare."""

from pathlib import Path

import pytest

from subtui.app import routes
from subtui.domain.errors import WrongInput
from subtui.domain.timeline import FILTERS
from tests.app.driver import running


@pytest.mark.parametrize(
    ("text", "address", "parameters"),
    [
        ("/subscriptions/1042", "/subscriptions/1042", ()),
        ("/subscriptions/1042/?prepare=cancel", "/subscriptions/1042", (("prepare", "cancel"),)),
        ("/orders/17/refund?payment=3", "/orders/17/refund", (("payment", "3"),)),
        ("/account/cancel?call=12", "/account/cancel", (("call", "12"),)),
        ("/subscriptions?", "/subscriptions", ()),
        (" /reports?report=loose ", "/reports", (("report", "loose"),)),
    ],
)
def test_an_address_is_read_with_its_parameters(
    text: str, address: str, parameters: tuple[tuple[str, str], ...]
) -> None:
    route = routes.parse(text)
    assert (str(route), route.parameters) == (address, parameters)
    assert routes.parse(route.link) == route


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/subscriptions/1042?prepare=refund", "“refund” is no prepare: use cancel, fix."),
        ("/subscriptions/1042?sort=name", "/subscriptions/{id} takes no “sort”. It takes prepare."),
        ("/?prepare=cancel", "/ takes no “prepare”. It takes view."),
        ("/orders/17/refund?payment=x", "“x” is no payment: use an id."),
        ("/orders/17/refund?payment=", "“” is no payment: use an id."),
        ("/subscriptions?state=\x1b[31m", "“?[31m” is no state: use all, active, paused, ending, inactive, loose."),
    ],
)
def test_a_parameter_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(WrongInput) as refused:
        routes.parse(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/subscriptions/1042?prepare=cancel", "Active → Inactive"),
        ("/subscriptions/1029?prepare=fix", "Inactive"),
        ("/orders/1868/payment?prepare=write-off", "Credit"),
        ("/orders/1967/refund?payment=40490", "49.00 USD on 1 Mar 2026"),
        ("/subscriptions?state=loose", "inactive without an end date"),
        ("/reports?report=loose", "Loose ends"),
    ],
)
async def test_a_link_prepares_its_screen(demo_db: Path, link: str, shown: str) -> None:
    async with running(demo_db, route=link) as driver:
        assert driver.route == link.partition("?")[0]
        assert shown in driver.text


def test_the_kinds_of_the_timeline_are_its_filters() -> None:
    takes = dict(next(pattern for pattern in routes.PATTERNS if pattern.screen == "contact_activity").takes)
    assert takes["kind"] == tuple(each.name for each in FILTERS)
