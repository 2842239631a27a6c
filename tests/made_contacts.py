"""Contacts written straight into a database, as many as a test needs."""

import sqlite3

from subtui.storage.search import contact_keys

ROW = ("id", "first_name", "last_name", "company", "email", "phone1", "name_key", "rest_key", "phone_key", "sort_key")


def put(connection: sqlite3.Connection, contact_id: int, **row: str) -> None:
    whole: dict[str, object] = {"company": "", "email": "", "phone1": "", "first_name": "", "last_name": ""}
    whole |= row
    whole |= {**contact_keys(whole), "id": contact_id}
    columns = dict.fromkeys(ROW)
    rest = {"job_title": "", "email2": "", "email3": "", "phone2": "", "website": "", "person_notes": ""}
    values = {name: whole[name] for name in columns} | rest
    values |= {"billing_address": "[]", "shipping_address": "[]", "version": 1}
    placeholders = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO contact ({', '.join(values)}) VALUES ({placeholders})", list(values.values()))  # noqa: S608
