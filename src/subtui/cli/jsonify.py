"""Converts views to JSON values: dates as ISO, codes as their values, money exact and readable."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from subtui.domain.money import Money


def jsonify(value: object) -> Any:
    """`value` as dicts, lists, texts and numbers. Raises TypeError for a type that no view has."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency, "text": value.format()}
    if isinstance(value, date):  # includes instants: a datetime is a date
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonify(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonify(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [jsonify(entry) for entry in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
