"""The large kinds of a made account: rows computed from their number when they are asked for."""

from collections.abc import Iterable
from datetime import timedelta

from subtui.domain.billing import add_months
from subtui.keap_mock import new_rows
from subtui.keap_mock.made_numbers import Numbers
from subtui.keap_mock.made_people import basic_contact, companies, company, contact
from subtui.keap_mock.tables import Made
from subtui.keap_mock.values import Row, currency, plain, time_text

_REASONS = ("Too expensive", "Changed provider", "Déménagement", None, "", "Card declined")


class _Made:
    """Rows with the numbers 1 to `last`."""

    growing: frozenset[str] = frozenset()

    def __init__(self, numbers: Numbers, last: int, size: int | None = None) -> None:
        self.numbers = numbers
        self.last = last
        self.size = last if size is None else size

    def row(self, number: int) -> Row | None:
        """The row with this number; None in a gap."""
        return self.make(number) if 0 < number <= self.last else None

    def make(self, number: int) -> Row | None:
        """Compute a row."""
        raise NotImplementedError

    def related(self, _field: str, _value: int) -> Iterable[int] | None:
        """Nothing is known without looking."""
        return None


class Contacts(_Made):
    """All contacts."""

    growing = frozenset({"create_time", "update_time"})

    def make(self, number: int) -> Row:
        """One contact."""
        return contact(self.numbers, number)


class Companies(_Made):
    """All companies."""

    growing = frozenset({"create_time", "update_time"})

    def make(self, number: int) -> Row:
        """One company."""
        return company(self.numbers, number)


class Subscriptions(_Made):
    """All subscriptions."""

    growing = frozenset({"modification_time"})

    def make(self, number: int) -> Row:
        """One subscription; an ended one may have an end date, a reason, both or neither."""
        numbers = self.numbers
        active, yearly = numbers.is_active(number), numbers.is_yearly(number)
        last = numbers.last_billed(number)
        started = numbers.started(number)
        following = max(add_months(last or started, 12 if yearly else 1), numbers.end.date())
        chance = numbers.mixed(5, number)
        end = None
        if not active and chance % 2:
            end = (last or started) + timedelta(days=chance % 20)
        elif active and chance % 33 == 0:
            end = numbers.end.date() + timedelta(days=chance % 200)
        product = numbers.product_of_subscription(number)
        owner = str(numbers.contact_of_subscription(number))
        row: Row = {
            "id": str(number),
            "quantity": 1,
            "active": active,
            "contact_id": owner,
            "product_id": str(product),
            "subscription_plan_id": str(2 * product - (0 if yearly else 1)),
            "billing_amount": plain(numbers.price_of_subscription(number)),
            "auto_charge": active or chance % 7 == 0,
            "billing_frequency": 1,
            "billing_cycle": "YEAR" if yearly else "MONTH",
            "start_date": started.isoformat(),
            "last_bill_date": last.isoformat() if last else None,
            "next_bill_date": following.isoformat() if active else None,
            "end_date": end.isoformat() if end else None,
            "merchant_account_id": "11",
            "payment_method_id": owner,
            "allow_tax": False,
            "max_charge_attempts": 3,
            "days_between_retries": 2,
            "lead_affiliate_id": "0",
            "sale_affiliate_id": "0",
            "shipping_address": None,
            "promo_code": "",
            "shipping_option_id": None,
            "reason_stopped": None if active else _REASONS[chance % len(_REASONS)],
            "modification_time": time_text(numbers.spread(number, self.last, 700.0)),
            "custom_fields": [{"id": "9", "content": None}],
        }
        if number % 70 == 9:
            row["dunning_state"] = "PAUSED"
        return row

    def related(self, field: str, value: int) -> Iterable[int] | None:
        """Those of a contact."""
        return self.numbers.subscriptions_of(value) if field == "contact_id" else None


class Orders(_Made):
    """All orders."""

    growing = frozenset({"order_time", "creation_time", "modification_time"})

    def make(self, number: int) -> Row:
        """One order of a subscription, or of a product alone."""
        numbers = self.numbers
        subscription = numbers.subscription_of_order(number)
        product = numbers.product_of_subscription(subscription or number)
        minor = numbers.price_of_subscription(subscription or number)
        line = new_rows.item(
            str(number * 2),
            f"Membership {'ABCDEFGHIJ'[product - 1]}",
            minor,
            product_id=str(product),
            subscription_id=str(subscription) if subscription else None,
            plan=None,
        )
        when = numbers.order_time(number)
        owner = basic_contact(numbers, numbers.contact_of_order(number))
        row = new_rows.order(str(number), owner, minor, when, [line], paid=not numbers.is_failed(number))
        if numbers.is_refunded(number):
            refund = refunded_minor(numbers, number)
            row["refund_total"] = currency(refund)
            row["refund_status"] = "REFUNDED" if refund == minor else "PARTIALLY_REFUNDED"
            row["modification_time"] = time_text(numbers.refund_time(number))
        if number % 101 == 0:
            row["source_type"] = "MOBILE_APP"
        if number % 60 == 1:
            row["channel_code"] = 4
        return row

    def related(self, field: str, value: int) -> Iterable[int] | None:
        """Those of a contact, or the one with an invoice."""
        if field == "contact.id":
            return self.numbers.orders_of(value)
        if field == "invoice_id":
            return (value - 5000,) if value > 5000 else ()
        return (value,) if field == "invoice_number" else None


class Payments(_Made):
    """Two numbers for each order: the odd one is its payment, the even one its refund, where there are any."""

    growing = frozenset({"payment_time"})

    def make(self, number: int) -> Row | None:
        """A payment or a refund."""
        order = (number + 1) // 2
        if number % 2:
            return None if self.numbers.is_failed(order) else paid_row(self.numbers, order)
        return refund_row(self.numbers, order) if self.numbers.is_refunded(order) else None

    def related(self, field: str, value: int) -> Iterable[int] | None:
        """Those of an order or of a contact."""
        if field == "order_ids":
            return (2 * value - 1, 2 * value)
        if field == "contact_id":
            return (number for order in self.numbers.orders_of(value) for number in (2 * order - 1, 2 * order))
        return None


class Transactions(Payments):
    """Numbered as the payments are; a charge that failed is a transaction too."""

    growing = frozenset({"transaction_time"})

    def make(self, number: int) -> Row | None:
        """A charge or a refund."""
        numbers = self.numbers
        order = (number + 1) // 2
        owner = basic_contact(numbers, numbers.contact_of_order(order))
        if number % 2 == 0:
            return (
                new_rows.transaction(refund_row(numbers, order), owner, "REFUND")
                if numbers.is_refunded(order)
                else None
            )
        status = "APPROVED" if order % 301 else "UNDER_REVIEW"
        if numbers.is_failed(order):
            return {**new_rows.transaction(paid_row(numbers, order), owner, "CAPTURE", "FAILED"), "payment_id": None}
        return new_rows.transaction(paid_row(numbers, order), owner, "CAPTURE", status)


class PaymentMethods(_Made):
    """One card of each contact with subscriptions."""

    growing = frozenset({"created_time"})

    def make(self, number: int) -> Row:
        """One card."""
        return {
            "contact_id": str(number),
            "payment_method_id": str(number),
            "credit_card_id": str(number),
            "merchant_account_type": "STRIPE",
            "merchant_account_id": "11",
            "payment_method_type": "CARD",
            "created_time": time_text(self.numbers.spread(number, self.last, 900.0)),
            "card_info": {
                "brand": "Visa",
                "fingerprint": None,
                "card_type": "CREDIT" if number % 19 else "GIFT",
                "last_four": f"{number % 10_000:04}",
                "expiration_year": str(self.numbers.end.year + number % 4),
                "expiration_month": f"{number % 12 + 1:02}",
            },
            "status": None if number % 15 else "EXPIRED",
        }

    def related(self, field: str, value: int) -> Iterable[int] | None:
        """That of a contact."""
        return (value,) if field in {"contact_id", "credit_card_id"} else None


def refunded_minor(numbers: Numbers, order: int) -> int:
    """How much of an order was refunded: all, or half."""
    minor = numbers.price_of_subscription(numbers.subscription_of_order(order) or order)
    return minor if numbers.mixed(6, order) % 3 else minor // 2


def paid_row(numbers: Numbers, order: int) -> Row:
    """The payment of an order, refunded later or not."""
    minor = numbers.price_of_subscription(numbers.subscription_of_order(order) or order)
    owner = str(numbers.contact_of_order(order))
    row = new_rows.payment(str(2 * order - 1), str(order), owner, minor, numbers.order_time(order))
    if numbers.is_refunded(order):
        row["refund_payment_id"] = str(2 * order)
        row["update_time"] = time_text(numbers.refund_time(order))
    return row


def refund_row(numbers: Numbers, order: int) -> Row:
    """The refund of an order."""
    owner = str(numbers.contact_of_order(order))
    when = numbers.refund_time(order)
    return new_rows.payment(str(2 * order), str(order), owner, -refunded_minor(numbers, order), when)


def made_tables(numbers: Numbers) -> dict[str, Made]:
    """The large kinds."""
    paid = numbers.orders - numbers.failures + numbers.refunds
    return {
        "contacts": Contacts(numbers, numbers.contacts),
        "companies": Companies(numbers, companies(numbers)),
        "subscriptions": Subscriptions(numbers, numbers.subscriptions),
        "orders": Orders(numbers, numbers.orders),
        "payments": Payments(numbers, 2 * numbers.orders, paid),
        "transactions": Transactions(numbers, 2 * numbers.orders, numbers.orders + numbers.refunds),
        "payment_methods": PaymentMethods(numbers, min(numbers.customers, numbers.contacts)),
    }
