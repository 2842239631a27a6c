"""How a database is named in sentences."""

from sqlalchemy import URL

from subtui.storage.dialects.sqlite_engine import file_of


def is_on_server(url: URL) -> bool:
    """Whether a database is one of a server: it is not a file, and it is never made or migrated unasked."""
    return url.get_backend_name() != "sqlite"


def place_of(url: URL) -> str:
    """How sentences name a database: the path of its file, or its name and its server's; never a password."""
    if url.get_backend_name() == "sqlite":
        return str(file_of(url) or url)
    host = url.host or url.query.get("host") or url.query.get("service")
    return f"{url.database or url.username or 'database'} on {host if isinstance(host, str) else 'this machine'}"
