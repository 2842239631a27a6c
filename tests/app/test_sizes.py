"""Small and large terminals: what a screen is for is there at the least size, dialogs keep all of their words."""

from pathlib import Path

import pytest
from textual.widgets import Input

from subtui.app.content import safe
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.text_dialog import TextDialog
from subtui.app.widgets.description_list import DescriptionList
from tests.app.driver import Driver, running

FORMS = ("/subscriptions/1042", "/orders/1881/refund", "/orders/1881/payment", "/help/ticket", "/account/cancel")
SMALL = [(60, 20), (40, 12)]


@pytest.mark.parametrize("width", [60, 76, 78, 80, 100, 120])
@pytest.mark.parametrize("route", FORMS)
async def test_a_field_that_was_left_shows_its_beginning(demo_db: Path, route: str, width: int) -> None:
    async with running(demo_db, who="owner", route=route, size=(width, 24)) as driver:
        form = driver.here
        for _ in range(40):
            before = driver.app.screen.focused
            if isinstance(before, Input) and not before.value and "amount" not in str(before.id):
                before.value = (
                    "14 mar" if "Date" in type(before).__name__ else "a text that is longer than its field " * 3
                )
            await driver.press("tab")
            for field in form.query(Input):
                if not field.has_focus:
                    assert field.scroll_offset.x == 0, field.id
            if driver.app.screen.focused in (None, next(iter(form.query(Input)))) and before is not None:
                break


async def test_the_end_date_is_read_whole_after_tab(demo_db: Path) -> None:
    for width in (76, 78, 80):
        async with running(demo_db, route="/subscriptions/1042", size=(width, 24)) as driver:
            await driver.press("i", "tab", "tab")
            assert " 14 Mar 2026" in driver.text


@pytest.mark.parametrize("size", [(40, 12), (80, 14), (80, 16), (60, 20)])
async def test_the_search_and_its_results_come_first(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, size=size) as driver:
        await driver.type("lop")
        assert "lop" in driver.text.split("\n")[2] + driver.text.split("\n")[3]
        assert "López" in driver.text


async def test_the_record_beside_the_list_comes_with_the_room_for_it(demo_db: Path) -> None:
    async with running(demo_db, size=(80, 24)) as driver:
        await driver.type("lop")
        await driver.resize(200, 50)
        assert "López" in str(driver.here.query_one("#summary", DescriptionList).render())


def words_of(driver: Driver) -> list[str]:
    return driver.text.translate({ord(edge): " " for edge in "│▏▕"}).split()


@pytest.mark.parametrize("size", SMALL)
async def test_a_question_keeps_all_of_its_words(demo_db: Path, size: tuple[int, int]) -> None:
    sentences = [f"This is the sentence with the number {number}, which is not short." for number in range(1, 7)]
    async with running(demo_db, size=size) as driver:
        question = ConfirmDialog(
            "Is this a question whose title has more words than a line has room for?",
            [safe(sentence) for sentence in sentences],
            safe_answer="Keep my changes",
            other_answer="Use theirs",
            key="t",
        )
        driver.app.push_screen(question)
        await driver.settle()
        seen = set(words_of(driver))
        assert {"Keep", "changes", "theirs", "(t)", "Is", "for?"} <= seen
        for _ in range(20):
            await driver.press("down")
            seen |= set(words_of(driver))
        assert set(" ".join(sentences).split()) <= seen
        assert {"Keep", "(t)"} <= set(words_of(driver))


@pytest.mark.parametrize("size", SMALL)
async def test_a_text_can_be_written_and_saved(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, size=size) as driver:
        dialog = TextDialog("Answer: T-1001", (("a", "One"), ("b", "Two")), placeholder="What", note="It closes it.")
        driver.app.push_screen(dialog)
        await driver.settle()
        assert {"Answer:", "One", "Back", "Save", "closes"} <= set(words_of(driver))


async def test_a_page_down_in_a_list_without_a_line_ends_nothing(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/1042", size=(80, 24)) as driver:
        await driver.press("enter")
        await driver.resize(20, 5)
        await driver.press("pagedown", "pageup", "pagedown")
        assert driver.app.failure is None


@pytest.mark.parametrize("route", ["/subscriptions/1042", "/orders/1881/refund"])
async def test_an_open_list_in_a_terminal_without_room_for_it_ends_nothing(demo_db: Path, route: str) -> None:
    for width in (20, 21, 22):
        async with running(demo_db, route=route, size=(80, 24)) as driver:
            await driver.press("enter")
            await driver.resize(width, 20)
            assert driver.app.failure is None


@pytest.mark.parametrize("route", FORMS)
async def test_a_form_in_a_window_drawn_ever_smaller_ends_nothing(demo_db: Path, route: str) -> None:
    async with running(demo_db, who="owner", route=route, size=(80, 33)) as driver:
        for size in ((30, 33), (21, 33), (12, 33), (7, 33), (3, 33), (1, 33), (80, 9), (80, 3), (80, 1), (2, 2)):
            await driver.resize(*size)
        await driver.resize(80, 33)
        assert "too small" not in driver.text
