"""Opening the backend."""

from subtui.services.backend import Backend


def test_the_desk_stands_on_the_demos_day(backend: Backend) -> None:
    assert backend.session_info().account == "Juniper & Rye"
    assert backend.person is not None
    assert backend.person.name == "Dana Reyes"
