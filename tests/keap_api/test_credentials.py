"""Where a key is looked for, and that it is seen nowhere."""

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.errors import FileProblem, WrongInput
from subtui.keap_api.base_url import DEFAULT
from subtui.keap_api.credentials import (
    VARIABLE,
    Credential,
    HeaderStyle,
    Source,
    find_credential,
    forget,
    key_file,
    scrubbed,
    store_in_file,
    store_in_keyring,
)

KEY = "KeapAK-0123456789abcdef%/+x"
posix_only = pytest.mark.skipif(os.name != "posix", reason="modes and owners of files are POSIX")


@dataclass
class Ring:
    """A keyring in memory."""

    held: dict[tuple[str, str], str] = field(default_factory=dict)

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.held[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


class BrokenRing:
    """The keyring of a computer without a desktop session."""

    def get_password(self, *_: str) -> str:
        raise RuntimeError("no backend")

    set_password = delete_password = get_password


def no_ring() -> None:
    return None


def find(folder: Path, *, ring: Callable[[], object] = no_ring, **options: object) -> Credential | None:
    given: dict[str, object] = {"environ": {}, "folder": folder, "keyring": ring, **options}
    return find_credential(DEFAULT, **given)  # type: ignore[arg-type]


def test_the_order_of_the_places(tmp_path: Path) -> None:
    ring = Ring()
    assert find(tmp_path, ring=lambda: ring) is None
    store_in_file(KEY + "-file", key_file(DEFAULT, tmp_path))
    found = find(tmp_path, ring=lambda: ring)
    assert found == Credential(KEY + "-file", source=Source.FILE)
    assert store_in_keyring(KEY + "-ring", DEFAULT, keyring=lambda: ring)
    found = find(tmp_path, ring=lambda: ring)
    assert found == Credential(KEY + "-ring", source=Source.KEYRING)
    found = find(tmp_path, ring=lambda: ring, environ={VARIABLE: f" {KEY}\n"}, style=HeaderStyle.KEAP)
    assert found == Credential(KEY, HeaderStyle.KEAP, Source.ENVIRONMENT)
    assert forget(DEFAULT, tmp_path, keyring=lambda: ring) == (Source.KEYRING, Source.FILE)
    assert find(tmp_path, ring=lambda: ring) is None
    assert forget(DEFAULT, tmp_path, keyring=lambda: ring) == ()


def test_each_host_has_a_key_of_its_own(tmp_path: Path) -> None:
    ring = Ring()
    store_in_file(KEY, key_file(DEFAULT, tmp_path))
    store_in_keyring(KEY, DEFAULT, keyring=lambda: ring)
    other = "http://127.0.0.1:8080/crm"
    assert find_credential(other, environ={}, folder=tmp_path, keyring=lambda: ring) is None
    assert key_file(DEFAULT, tmp_path).name == "keap-key"
    assert key_file(other, tmp_path).name == "keap-key-127.0.0.1-8080"
    assert find_credential("https://api.keap.com/crm", environ={}, folder=tmp_path, keyring=no_ring) is not None


def test_a_keyring_that_does_not_work_is_none(tmp_path: Path) -> None:
    assert find(tmp_path, ring=BrokenRing) is None
    assert not store_in_keyring(KEY, DEFAULT, keyring=BrokenRing)
    assert not store_in_keyring(KEY, DEFAULT, keyring=no_ring)
    assert forget(DEFAULT, tmp_path, keyring=BrokenRing) == ()


def test_the_keyring_that_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_credential(DEFAULT, environ={}, folder=tmp_path) is None
    assert not store_in_keyring(KEY, DEFAULT)
    monkeypatch.setitem(sys.modules, "keyring", Ring())
    assert store_in_keyring(KEY, DEFAULT)
    assert find_credential(DEFAULT, environ={}, folder=tmp_path) == Credential(KEY, source=Source.KEYRING)
    assert forget(DEFAULT, tmp_path) == (Source.KEYRING,)


def test_a_keyring_that_keeps_what_is_to_be_forgotten(tmp_path: Path) -> None:
    class Keeping(Ring):
        def delete_password(self, service: str, name: str) -> None:
            raise RuntimeError(f"refused: {self.held}")

    ring = Keeping()
    store_in_keyring(KEY, DEFAULT, keyring=lambda: ring)
    with pytest.raises(FileProblem, match="Remove the entry subtui-keap") as failed:
        forget(DEFAULT, tmp_path, keyring=lambda: ring)
    assert KEY not in str(failed.value)


def test_what_the_keyring_holds_may_be_no_key(tmp_path: Path) -> None:
    ring = Ring({("subtui-keap", "keap"): "two words of text"})
    with pytest.raises(WrongInput, match="the keyring of this computer"):
        find(tmp_path, ring=lambda: ring)


def test_a_named_file_wins_over_the_keyring_and_has_to_be_there(tmp_path: Path) -> None:
    ring = Ring()
    store_in_keyring(KEY + "-ring", DEFAULT, keyring=lambda: ring)
    named = tmp_path / "mine"
    with pytest.raises(FileProblem, match="does not exist"):
        find(tmp_path, ring=lambda: ring, path=named)
    store_in_file(KEY, named)
    assert find(tmp_path, ring=lambda: ring, path=named) == Credential(KEY, source=Source.FILE)


@posix_only
def test_a_file_is_private_from_its_first_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store_in_file(KEY, tmp_path / "new" / "keap-key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new" / "keap-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert os.listdir(tmp_path / "new") == ["keap-key"]
    store_in_file(KEY + "2", tmp_path / "new" / "keap-key")
    assert (tmp_path / "new" / "keap-key").read_text() == KEY + "2\n"


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "keap-key"
    store_in_file(KEY, file)
    file.chmod(mode)
    with pytest.raises(FileProblem, match=r"chmod 600 .*keap-key"):
        find(tmp_path)


@posix_only
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    store_in_file(KEY, tmp_path / "real")
    (tmp_path / "keap-key").symlink_to(tmp_path / "real")
    with pytest.raises(FileProblem, match="is a link"):
        find(tmp_path)
    store_in_file(KEY + "2", tmp_path / "keap-key")
    assert (tmp_path / "real").read_text() == KEY + "\n", "a link is replaced, not followed"
    (tmp_path / "keap-key").unlink()
    (tmp_path / "keap-key").mkdir()
    with pytest.raises(FileProblem, match="is not a file"):
        find(tmp_path)
    with pytest.raises(FileProblem, match="cannot be written"):
        store_in_file(KEY, tmp_path / "keap-key")
    assert sorted(os.listdir(tmp_path)) == ["keap-key", "real"]
    (tmp_path / "keap-key").rmdir()
    os.mkfifo(tmp_path / "keap-key", 0o600)
    with pytest.raises(FileProblem, match="is not a file"):
        find(tmp_path)


@posix_only
def test_the_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_in_file(KEY, tmp_path / "keap-key")
    monkeypatch.setattr(os, "getuid", lambda: (tmp_path / "keap-key").stat().st_uid + 1)
    with pytest.raises(FileProblem, match="another user"):
        find(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"one-line-key\nanother-line\n", b"k\xc3\xa9y-0123456789", b"a" * 5000, b"secret\x0bkey-line"],
)
def test_a_file_of_something_else_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keap-key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises((FileProblem, WrongInput)) as refused:
        find(tmp_path)
    assert "line-" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "short", "with blank 123", "line\r\nX-Evil: 1", "line\n123456", "käy-12345678", "a" * 4001, "nul\x00-123456"],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(WrongInput) as refused:
        Credential(text)
    if text:
        assert text not in str(refused.value)
        assert text not in repr(refused.value)


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60), st.text())
def test_a_key_is_never_seen(key: str, around: str) -> None:
    credential = Credential(key)
    assert key not in repr(credential) or key in "Credential(style=<HeaderStyle.BEARER: 'Authorization'>)"
    if key not in "[key]" and "[key]" not in key:
        assert key not in scrubbed(f"{around}{key}{around}", credential).replace("[key]", "\n")


def test_a_key_is_scrubbed_in_each_form() -> None:
    credential = Credential('KeapAK-"\\/%+12')
    text = 'a KeapAK-"\\/%+12 b KeapAK-%22%5C%2F%25%2B12 c KeapAK-\\"\\\\/%+12 d KeapAK-%22%5C/%25%2B12'
    assert scrubbed(text, credential) == "a [key] b [key] c [key] d [key]"
    assert scrubbed("text", None) == "text"
    assert str(credential) == repr(credential)
    assert "KeapAK" not in f"{credential!s} {credential!r} {credential.header!r}"
