"""Which addresses the key may be sent to."""

import pytest

from subtui.domain.errors import WrongInput
from subtui.keap_api.base_url import DEFAULT, checked_base_url, short_name


@pytest.mark.parametrize(
    ("text", "checked"),
    [
        (DEFAULT, DEFAULT),
        (f" {DEFAULT}/ ", DEFAULT),
        (f"{DEFAULT}/rest/v2", DEFAULT),
        (f"{DEFAULT}/rest/v2/", DEFAULT),
        ("HTTPS://API.Keap.com/crm", "https://api.keap.com/crm"),
        ("https://keap.example.com", "https://keap.example.com"),
        ("https://keap.example.com:8443/", "https://keap.example.com:8443"),
        ("http://localhost:8080/crm", "http://localhost:8080/crm"),
        ("http://127.3.2.1:8080", "http://127.3.2.1:8080"),
        ("http://[::1]:8080/crm/", "http://[::1]:8080/crm"),
    ],
)
def test_taken(text: str, checked: str) -> None:
    assert checked_base_url(text) == checked
    assert checked_base_url(checked) == checked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "does not begin"),
        ("api.infusionsoft.com/crm", "does not begin"),
        ("ftp://api.infusionsoft.com/crm", "does not begin"),
        ("http://api.infusionsoft.com/crm", "not encrypted"),
        ("http://localhost.example.com", "not encrypted"),
        ("http://0.0.0.0:80", "not encrypted"),
        ("https://", "names no host"),
        ("https://:443/crm", "names no host"),
        ("https://api.infusionsoft.com:0/crm", "names no host"),
        ("https://api.infusionsoft.com:port/crm", "not an address"),
        ("https://api.infusionsoft.com:99999/crm", "not an address"),
        ("https://[::1/crm", "not an address"),
        ("https://api.infusionsoft.com/crm?", "question mark"),
        ("https://api.infusionsoft.com/crm?a=b", "question mark"),
        ("https://api.infusionsoft.com/crm#a", "question mark"),
        ("https://api.infusionsoft.com/../crm", "path"),
        ("https://api.infusionsoft.com//crm", "path"),
        ("https://api.infusionsoft.com/%2e%2e/crm", "signs"),
        ("https://api.infusionsoft.com\\@evil.example.com/crm", "@"),
        ("https://api.infusionsoft.com\\.example.com/crm", "signs"),
        ("https://api.infusion soft.com/crm", "signs"),
        ("https://api.infusionsoft.com/crm\r\nX: y", "signs"),
        ("https://äpi.infusionsoft.com/crm", "signs"),
        ("https://api.infu$ionsoft.com/crm", "host name"),
    ],
)
def test_refused(text: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why):
        checked_base_url(text)


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(WrongInput) as refused:
        checked_base_url("https://name:secret@api.infusionsoft.com/crm")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        (DEFAULT, ""),
        ("https://api.keap.com/crm", ""),
        ("https://api.keap.com:8443/crm", "api.keap.com-8443"),
        ("https://keap.example.com", "keap.example.com"),
        ("http://127.0.0.1:8080/crm", "127.0.0.1-8080"),
        ("http://[::1]:8080", "__1-8080"),
    ],
)
def test_a_key_is_kept_by_host(base_url: str, name: str) -> None:
    assert short_name(base_url) == name
