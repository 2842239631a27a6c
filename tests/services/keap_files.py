"""Files as Keap writes them: the headers of its exports, its wizard and its dumps, and the rows that a test needs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

_FIRST = (
    "Id,Name,First Name,Last Name,Spouse Name,Birthday,Company Name,Company Id,Phone 1,Phone 1 Ext,Phone 1 Type,"
    "Phone 2,Phone 2 Ext,Phone 2 Type,Phone 3,Phone 3 Ext,Phone 3 Type,Email,Email Address 2,Email Address 3,Fax 1,"
    "Fax 1 Type,Fax 2,Fax 2 Type,Street Address 1,Street Address 2,City,State,Postal Code,Zip Four,Country,"
    "Street Address 1 (Shipping),Street Address 2 (Shipping),City (Shipping),State (Shipping),Postal Code (Shipping),"
    "Zip Four (Shipping),Country (Shipping)"
)
CONTACTS_2017 = (
    f"{_FIRST},Twitter,Facebook,LinkedIn,Street Address 1 (Optional),"
    "Street Address 2 (Optional),City (Optional),State (Optional),Postal Code (Optional),Zip Four (Optional),"
    "Country (Optional),Phone 4,Phone 4 Ext,Phone 4 Type,Phone 5,Phone 5 Ext,Phone 5 Type,Tag Ids,Tags,Person Type,"
    "Job Title,Website,SSN,Last 4 SSN,Middle Name,Nickname,Username,Password,Assistant Name,Assistant Phone,Title,"
    "Suffix,Anniversary,Created By,Date Created,Last Updated,OwnerID,Language,Time Zone,Owner,Lead Source,"
    "Lead Source Category,Referral Code"
)
CONTACTS_2024 = (
    f"{_FIRST},Twitter,Facebook,LinkedIn,Instagram,YouTube,Snapchat,Pinterest,"
    "Street Address 1 (Optional),Street Address 2 (Optional),City (Optional),State (Optional),Postal Code (Optional),"
    "Zip Four (Optional),Country (Optional),Phone 4,Phone 4 Ext,Phone 4 Type,Phone 5,Phone 5 Ext,Phone 5 Type,Tag Ids,"
    "Tags,Tag Category Ids,Tag Categories,Person Type,Job Title,Website,Middle Name,Nickname,User Name,Password,"
    "Assistant Name,Assistant Phone,Title,Suffix,Anniversary,Created By,Date Created,Last Updated,OwnerID,Notes,"
    "Language,Time Zone,Owner,Lead Source,Lead Source Category,Referral Code,Email Status"
)
ORDERS_EXPORT = (
    "Id,ContactId,Contact,First Name,Last Name,Title,Co Name,Street Address 1,Street Address 2,City,State,Postal Code,"
    "Country,Order Type,Promo Code,Order Title,Order Date,Product Ids,Product Name,Serial,Order Total,Affiliate Id"
)
PRODUCTS_EXPORT = "Id,Product Name,Sku,Price,Product Status,Product Category"
WIZARD = (
    "Your System's Subscription Id,Infusionsoft's Contact Id,Subscription Plan Id,Product Id,Program Id,"
    "Infusionsoft's Lead Affiliate Id,Infusionsoft's Sale Affiliate Id,Credit Card Id,Payment Gateway Id,Frequency,"
    "Cycle,Price,Promo Code,Order Type,Status,Start Date,End Date,Reason Stopped,Paid Thru Date,Auto Charge,"
    "Max Charge Attempts,Num Days Between Retry"
)
RECURRING_DUMP = (
    "ContactId,SubscriptionPlanId,ProductId,ProgramId,CC1,PaymentGatewayId,Frequency,BillingCycle,BillingAmt,PromoCode,"
    "Status,StartDate,EndDate,ReasonStopped,PaidThruDate,NextBillDate,AutoCharge,MaxRetry,NumDaysBetweenRetry"
)
JOBS_DUMP = (
    "ContactId,DateCreated,DueDate,Id,JobNotes,JobRecurringId,JobStatus,JobTitle,OrderStatus,OrderType,ProductId,"
    "ShipCity,ShipCompany,ShipCountry,ShipFirstName,ShipLastName,ShipMiddleName,ShipPhone,ShipState,ShipStreet1,"
    "ShipStreet2,ShipZip,StartDate"
)
ITEMS_DUMP = "OrderId,ProductId,ItemType,ItemName,ItemDescription,Qty,PricePerUnit,Notes"
PAYMENTS_DUMP = "InvoiceId,PayDate,PayType,PayAmt,PayNote"
TAGS_DUMP = "ContactId,TagId"

Cells = Mapping[str, object]


def sheet(header: str | Sequence[str], *rows: Cells) -> str:
    """A CSV file below a header; each row names the cells that are not empty."""
    names = header.split(",") if isinstance(header, str) else header
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        unknown = row.keys() - set(names)
        assert not unknown, f"the header has no {unknown}"
        writer.writerow([row.get(name, "") for name in names])
    return text.getvalue()


def table(*rows: Cells) -> str:
    """A CSV file with the columns that its rows name, in their order."""
    return sheet(list(dict.fromkeys(name for row in rows for name in row)), *rows)


def answer(name: str, *rows: Mapping[str, Any], **more: Any) -> str:
    """A page of a REST answer."""
    return json.dumps({name: list(rows)} | more)


def pat(**more: object) -> dict[str, object]:
    """A contact of an export."""
    return {"Id": 1204, "First Name": "Pat", "Last Name": "Lee", "Email": "pat@example.com"} | more


def gold(**more: object) -> dict[str, object]:
    """A subscription by the labels of the wizard: monthly since 15 January 2025, paid until 15 February 2026."""
    return {
        "Your System's Subscription Id": 131,
        "Infusionsoft's Contact Id": 1204,
        "Subscription Plan Id": 17,
        "Product Id": 42,
        "Frequency": 1,
        "Cycle": 2,
        "Price": "49.00",
        "Status": "Active",
        "Start Date": "2025-01-15",
        "Paid Thru Date": "2026-02-15",
        "Auto Charge": "Yes",
    } | more


CONTACTS = table(pat())
"""The one contact that most tests are about."""

V1_SUBSCRIPTION: dict[str, Any] = {
    "id": 131,
    "contact_id": 1204,
    "product_id": 42,
    "subscription_plan_id": 17,
    "billing_amount": 49.0,
    "billing_cycle": "MONTH",
    "billing_frequency": 1,
    "active": True,
    "auto_charge": True,
    "allow_tax": False,
    "quantity": 1,
    "start_date": "2025-01-15",
    "next_bill_date": "2026-03-15",
    "end_date": None,
    "credit_card_id": 77,
    "use_default_payment_gateway": True,
}
"""The same as version 1 of REST hands it out."""

V2_SUBSCRIPTION: dict[str, Any] = {
    "id": "131",
    "quantity": 1,
    "active": True,
    "contact_id": "1204",
    "product_id": "42",
    "subscription_plan_id": "17",
    "billing_amount": 49.0,
    "auto_charge": True,
    "billing_frequency": 1,
    "billing_cycle": "MONTH",
    "start_date": "2025-01-15",
    "last_bill_date": "2026-02-15",
    "next_bill_date": "2026-03-15",
    "end_date": None,
    "payment_method_id": "pm-77",
    "max_charge_attempts": 3,
    "days_between_retries": 2,
    "shipping_address": None,
    "reason_stopped": None,
    "modification_time": "2026-02-15T07:02:11.000Z",
    "custom_fields": [],
}
"""The same as version 2 of REST hands it out."""

XML_RPC_SUBSCRIPTION: dict[str, Any] = {
    "Id": 131,
    "ContactId": 1204,
    "OriginatingOrderId": 8950,
    "ProgramId": 17,
    "SubscriptionPlanId": 17,
    "ProductId": 42,
    "StartDate": "20250115T00:00:00",
    "LastBillDate": "20260215T00:00:00",
    "PaidThruDate": "20260215T00:00:00",
    "NextBillDate": "20260315T00:00:00",
    "BillingCycle": "2",
    "Frequency": 1,
    "BillingAmt": 49.0,
    "Status": "Active",
    "AutoCharge": 1,
    "CC1": 77,
    "CC2": 0,
    "NumDaysBetweenRetry": 2,
    "MaxRetry": 3,
    "Qty": 2,
}
"""The same as a row of the table."""


def wizard(*rows: Cells) -> dict[str, str | bytes]:
    """A file of the wizard's, with the contact that it is about."""
    return {"subscriptions.csv": sheet(WIZARD, *rows), "contacts.csv": CONTACTS}


FULL_CONTACT: dict[str, object] = {
    "Id": 1204,
    "Name": "Pat Lee",
    "First Name": "Pat",
    "Last Name": "Lee",
    "Birthday": "1/5/1980",
    "Company Name": "Blue Door",
    "Phone 1": "(602) 555-0142",
    "Phone 1 Ext": "12",
    "Phone 5": "+1 602 555 0199",
    "Email": "pat@example.com",
    "Email Address 2": "pat@work.example",
    "Street Address 1": "1 Main St",
    "Street Address 2": "Suite 4",
    "City": "Phoenix",
    "State": "AZ",
    "Postal Code": "85001",
    "Zip Four": "1234",
    "Country": "United States",
    "Street Address 1 (Shipping)": "2 Dock Rd",
    "City (Shipping)": "Mesa",
    "Street Address 1 (Optional)": "3 Old Way",
    "Twitter": "@pat",
    "Tag Ids": "91,94",
    "Tags": "Members,News",
    "Person Type": "Customer",
    "Job Title": "Baker",
    "Website": "pat.example",
    "Date Created": "1/15/2025 3:04 PM",
    "Owner": "Ann Agent",
    "Lead Source": "Fair",
    "Password": "hunter2",
}
STORED_CONTACT: dict[str, Any] = {
    "id": 1204,
    "keap_id": "1204",
    "first_name": "Pat",
    "last_name": "Lee",
    "company": "Blue Door",
    "job_title": "Baker",
    "email": "pat@example.com",
    "email2": "pat@work.example",
    "phone1": "(602) 555-0142",
    "phone5": "+1 602 555 0199",
    "website": "pat.example",
    "billing_address": ["1 Main St", "Suite 4", "Phoenix, AZ 85001-1234", "United States"],
    "shipping_address": ["2 Dock Rd", "Mesa"],
    "owner_id": 3,
    "created_on": "2025-01-15",
    "version": 1,
}
BESIDE_CONTACT = {
    "Birthday": "1/5/1980",
    "Phone 1 Ext": "12",
    "City": "Phoenix",
    "State": "AZ",
    "Postal Code": "85001",
    "Zip Four": "1234",
    "Country": "United States",
    "City (Shipping)": "Mesa",
    "Street Address 1 (Optional)": "3 Old Way",
    "Twitter": "@pat",
    "Person Type": "Customer",
    "Lead Source": "Fair",
}


def exported(**more: object) -> dict[str, object]:
    """An order of the export of orders."""
    order = {"Id": 9001, "ContactId": 1204, "Order Title": "Gold", "Order Date": "6/15/2025", "Order Total": "$49.00"}
    return order | {"Order Type": "Online"} | more


def order_file(*orders: dict[str, object]) -> dict[str, str | bytes]:
    return {"contacts.csv": CONTACTS, "orders.csv": sheet(ORDERS_EXPORT, *orders)}


def paid(**more: object) -> dict[str, object]:
    """A payment with its id, by the names of the table."""
    return {"Id": 1, "OrderId": 9001, "PayDate": "2025-06-15", "PayType": "Credit Card", "PayAmt": "49.00"} | more


def items(*rows: tuple[str, int, object], **more: object) -> str:
    named = [{"OrderId": 9001, "ItemName": name, "Qty": qty, "PricePerUnit": price} | more for name, qty, price in rows]
    return sheet(ITEMS_DUMP, *named)


def usd(minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency_code": "USD", "formatted_amount": f"${minor / 100:.2f}"}


def v2_order(number: int = 9001, **more: Any) -> dict[str, Any]:
    """An order as version 2 of REST hands it out."""
    product = {"id": "42", "name": "Gold Membership", "sku": "GOLD", "shippable": False, "taxable": False}
    plan = {"id": "17", "frequency": 1, "active": True, "cycle_type": "MONTHLY", "total_cycles": 0}
    return {
        "id": str(number),
        "title": "Gold Membership",
        "status": "PAID",
        "total": usd(4900),
        "contact": {"id": "1204", "email": "pat@example.com", "given_name": "Pat", "family_name": "Lee"},
        "order_type": "ONLINE",
        "order_time": "2025-06-15T07:00:00Z",
        "total_due": usd(4900),
        "order_items": [
            {
                "id": f"3{number}",
                "name": "Gold Membership",
                "quantity": 1,
                "item_type": "SUBSCRIPTION",
                "subscription_id": "131",
                "price_per_unit": usd(4900),
                "product": product,
                "subscription_plan": plan | {"plan_price": usd(4900)},
            }
        ],
        "payment_plan": None,
        "invoice_id": "8001",
        "refund_status": "NONE",
        "promo_code": None,
        "custom_fields": [],
    } | more


def allocation(number: int, amount: float, **more: Any) -> dict[str, Any]:
    """An allocation of a payment to an invoice, as version 2 of REST hands it out."""
    return {
        "id": str(number),
        "amount": amount,
        "note": "",
        "invoice_id": "8001",
        "payment_id": str(number + 200),
        "pay_time": "2025-06-15T07:01:00Z",
        "pay_status": "APPROVED",
        "skip_commission": False,
        "refund_invoice_payment_id": "0",
    } | more
