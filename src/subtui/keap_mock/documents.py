"""What there is one of in an account: profile, settings, the key's user, the models of custom fields."""

from collections.abc import Mapping
from typing import Any

from subtui.keap_mock.values import Row

DOCUMENTS = ("business_profile", "application", "ecommerce", "userinfo", "models")


def documents(given: Mapping[str, Any], time_zone: str) -> dict[str, Row]:
    """All documents of an account; what is given replaces the fields of the defaults, `models` kind by kind."""
    found = _defaults(time_zone)
    for name in DOCUMENTS:
        found[name] = {**found[name], **given.get(name, {})}
    return found


def model(*custom_fields: tuple[str, str, str], record_type: str) -> Row:
    """A model of custom fields from (id, name of the field, type)."""
    rows = [
        {
            "id": at,
            "label": name.replace("_", " ").title(),
            "options": [{"id": "1", "label": "Yes"}, {"id": "2", "label": "No"}] if kind == "DROPDOWN" else [],
            "record_type": record_type,
            "field_type": kind,
            "default_value": None,
            "group_id": "7",
            "group_name": "Custom fields",
            "field_name": name,
        }
        for at, name, kind in custom_fields
    ]
    return {"custom_fields": rows, "optional_properties": ["custom_fields"]}


def _defaults(time_zone: str) -> dict[str, Row]:
    return {
        "business_profile": {
            "name": "Lakeside Membership",
            "email": "office@lakeside.example",
            "website": "https://lakeside.example",
            "phone": "+1 555 0100",
            "address": {
                "line1": "1 Pier Road",
                "line2": "",
                "locality": "Duluth",
                "region": "US-MN",
                "country_code": "USA",
            },
            "time_zone": time_zone,
            "logo_url": None,
            "currency_code": "USD",
            "language_tag": "en-US",
            "business_type": "Membership",
            "business_goals": [],
        },
        "application": {
            "company": {"name": "Lakeside Membership", "email": "office@lakeside.example", "city": "Duluth"},
            "time_zone": time_zone,
            "default_view_locale": "en_US",
            "features_enabled": {"marketing": True},
        },
        "ecommerce": {
            "currency": "USD",
            "default_country": "United States",
            "default_merchant": "11",
            "credit_card_types": "Visa,MasterCard",
            "default_tax": "0",
            "payment_types": "Credit Card,Cash",
            "default_to_auto_charge": True,
            "default_charge_max_retry_attempts": 3,
            "default_number_of_days_between_charge_attempts": 2,
            "merchant_account_max_retry_attempts": 3,
            "promo_codes": "",
            "track_cost_per_unit": False,
            "track_inventory": False,
        },
        "userinfo": {
            "email": "dana@lakeside.example",
            "sub": "1",
            "id": "900001",
            "keap_id": "dana@lakeside.example",
            "family_name": "Okafor",
            "given_name": "Dana",
            "middle_name": None,
            "preferred_name": None,
            "is_admin": True,
            "tenant_id": "ab123",
        },
        "models": {
            "contacts": model(("3", "membership_level", "DROPDOWN"), record_type="CONTACT"),
            "companies": model(record_type="COMPANY"),
            "orders": model(("5", "gift_note", "TEXT"), record_type="ORDER"),
            "subscriptions": model(("9", "cancel_reference", "TEXT"), record_type="SUBSCRIPTION"),
        },
    }
