"""The letter about the account's cancellation: read, copied, and saved to a new file only."""

from pathlib import Path

from textual.widgets import Input

from subtui.app.screens.path_dialog import PathDialog
from tests.app.asking import TERMS, asked, filled_in, letter
from tests.app.driver import running


async def test_the_letter_names_every_term_and_can_be_copied(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/account/cancel", size=(140, 60)) as driver:
        await filled_in(driver)
        await driver.press("ctrl+s", "l")
        assert driver.route == "/letters/1"
        assert "recorded, not sent" in driver.text
        assert "Dear Ruth Hollis," in driver.text
        for term in TERMS:
            assert f"- {term}" in letter(driver).body
            assert f"- {term}" in " ".join(driver.text.split())
        await driver.press("y")
        assert driver.message.startswith("Copied the letter")
        for part in ("T-1005: your request to cancel Juniper & Rye", *TERMS):
            assert part in driver.app.clipboard
        await driver.press("s")
        assert driver.route == "/requests/1005"
        await driver.press("escape", "escape")
        assert driver.route == "/requests/1005", "esc goes back the way one came"


async def test_the_letter_is_saved_to_a_new_file_only(demo_db: Path, tmp_path: Path) -> None:
    asked(demo_db)
    there, new = tmp_path / "there.txt", tmp_path / "new.txt"
    there.write_text("mine", encoding="utf-8")
    async with running(demo_db, who="owner", route="/letters/1", size=(100, 30)) as driver:
        await driver.press("w")
        assert isinstance(driver.app.screen, PathDialog)
        assert "letter-1.txt" in driver.text, "a name is proposed"
        await driver.press("ctrl+u")
        await driver.type(str(there))
        await driver.press("enter")
        assert driver.message == f"{there} already exists and was not overwritten. Choose another name."
        assert there.read_text(encoding="utf-8") == "mine"
        await driver.press("w")
        assert "there.txt" in driver.text, "what was typed is there to be mended"
        await driver.press("end", *["backspace"] * len("there.txt"))
        assert driver.app.screen.query_one("#path", Input).value == f"{tmp_path}/"
        await driver.type("new.txt")
        await driver.press("tab", "tab", "enter")
        assert driver.message == f"Saved to {new}."
        written = new.read_text(encoding="utf-8")
        assert written.startswith("T-1005: your request to cancel Juniper & Rye\n\nDear Ruth Hollis,\n")
        assert all(term in written for term in TERMS)
        await driver.press("w")
        assert "letter-1.txt" in driver.text, "the next file gets a name of its own"
        await driver.press("escape")
        assert driver.route == "/letters/1"
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["new.txt", "there.txt"]


async def test_a_file_that_cannot_be_written_is_a_sentence(demo_db: Path, tmp_path: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/letters/1") as driver:
        for name, sentence in (
            ("nowhere/at/all.txt", f"{tmp_path}/nowhere/at/all.txt cannot be written: No such file or directory."),
            ("", f"{tmp_path} already exists and was not overwritten. Choose another name."),
        ):
            await driver.press("w", "ctrl+u")
            await driver.type(f"{tmp_path}/{name}")
            await driver.press("enter")
            assert driver.message == sentence
        await driver.press("w", "ctrl+u", "enter")
        assert driver.route == "/letters/1", "without a name nothing is written"
