"""Opening the desk."""

from subtui.services.desk import Desk


def test_the_desk_stands_on_the_demos_day(desk: Desk) -> None:
    assert desk.session_info().account == "Juniper & Rye"
    assert desk.person is not None
    assert desk.person.name == "Dana Reyes"
