"""Which fields a row of each kind may have, and what kind of value each holds; from facts, not from the mock.

`text`, `flag`, `whole`, `number`, `day`, `time`, `any`; a name in capitals stands for another table; `[]` for a list.
"""

FIELDS: dict[str, dict[str, str]] = {
    "MONEY": {"amount": "whole", "currency_code": "text", "formatted_amount": "text"},
    "CUSTOM": {"id": "text", "content": "any"},
    "PERSON": {"id": "text", "email": "text", "given_name": "text", "family_name": "text"},
    "ADDRESS": dict.fromkeys(
        [
            *("country", "line1", "line2", "locality", "region", "field", "country_code", "postal_code", "region_code"),
            *("zip_code", "zip_four"),
        ],
        "text",
    ),
    "EMAIL": {
        "email": "text",
        "field": "text",
        "opt_in_reason": "text",
        "is_opt_in": "flag",
        "email_opt_status": "text",
    },
    "PHONE": dict.fromkeys(["extension", "number", "type", "field", "number_e164"], "text"),
    "subscriptions": {
        **dict.fromkeys(
            [
                *("id", "contact_id", "product_id", "subscription_plan_id", "billing_cycle", "merchant_account_id"),
                *("payment_method_id", "lead_affiliate_id", "sale_affiliate_id", "promo_code", "shipping_option_id"),
                "reason_stopped",
            ],
            "text",
        ),
        **dict.fromkeys(["quantity", "billing_frequency", "max_charge_attempts", "days_between_retries"], "whole"),
        **dict.fromkeys(["active", "auto_charge", "allow_tax"], "flag"),
        **dict.fromkeys(["start_date", "last_bill_date", "next_bill_date", "end_date"], "day"),
        "billing_amount": "number",
        "shipping_address": "ADDRESS",
        "modification_time": "time",
        "custom_fields": "CUSTOM[]",
    },
    "plans": {
        **dict.fromkeys(["id", "subscription_plan_name", "cycle_type"], "text"),
        **dict.fromkeys(["frequency", "total_cycles", "display_order_index"], "whole"),
        "active": "flag",
        "plan_price": "MONEY",
    },
    "PRODUCT PLAN": {
        **dict.fromkeys(["id", "billing_cycle"], "text"),
        **dict.fromkeys(["billing_frequency", "number_of_cycles", "order_index"], "whole"),
        **dict.fromkeys(["active", "prorate"], "flag"),
        "plan_price": "MONEY",
    },
    "products": {
        **dict.fromkeys(
            ["id", "name", "description", "sku", "short_description", "create_time", "update_time"], "text"
        ),
        **dict.fromkeys(["active", "shippable", "taxable", "subscription_only"], "flag"),
        "price": "MONEY",
        "weight": "number",
        "categories": "text[]",
        "subscription_plans": "PRODUCT PLAN[]",
    },
    "PLAN ITEM": {"status": "text", "due_date": "day", "amount_due": "MONEY", "amount_paid": "MONEY"},
    "PAYMENT PLAN": {
        **dict.fromkeys(
            ["max_charge_attempts", "days_between_retries", "number_of_payments", "days_between_payments"], "whole"
        ),
        "auto_charge": "flag",
        "payment_method_id": "text",
        "initial_payment_amount": "MONEY",
        "initial_payment_percent": "number",
        "initial_payment_date": "day",
        "plan_start_date": "day",
        "payment_plan_items": "PLAN ITEM[]",
    },
    "ITEM PRODUCT": {
        **dict.fromkeys(["id", "name", "sku", "description"], "text"),
        "shippable": "flag",
        "taxable": "flag",
    },
    "ITEM": {
        **dict.fromkeys(["id", "name", "description", "notes", "subscription_id", "item_type"], "text"),
        "quantity": "whole",
        "discount": "MONEY",
        "product": "ITEM PRODUCT",
        "cost_per_unit": "MONEY",
        "price_per_unit": "MONEY",
        "subscription_plan": "plans",
    },
    "orders": {
        **dict.fromkeys(
            [
                *("id", "title", "status", "notes", "terms", "order_type", "source_type", "lead_affiliate_id"),
                *("sales_affiliate_id", "invoice_number", "credit_status", "promo_code", "refund_status", "invoice_id"),
            ],
            "text",
        ),
        **dict.fromkeys(["total", "total_paid", "total_due", "refund_total"], "MONEY"),
        **dict.fromkeys(["creation_time", "modification_time", "order_time", "sent_time", "due_time"], "time"),
        **dict.fromkeys(["allow_payment", "allow_paypal", "synced"], "flag"),
        "contact": "PERSON",
        "order_items": "ITEM[]",
        "payment_plan": "PAYMENT PLAN",
        "files": "any",
        "custom_fields": "CUSTOM[]",
    },
    "payments": {
        **dict.fromkeys(
            [
                *("id", "type", "note", "status", "refund_payment_id", "contact_id", "external_transaction_id"),
                *("merchant_account_id", "merchant_account_type"),
            ],
            "text",
        ),
        **dict.fromkeys(["commissioned", "synced"], "flag"),
        **dict.fromkeys(["payment_time", "update_time"], "time"),
        "amount": "number",
        "order_ids": "text[]",
    },
    "transactions": {
        **dict.fromkeys(
            [
                *("status", "description", "contact_id", "transaction_method", "external_reference_id", "payment_id"),
                *("external_response_code", "error_details", "merchant_account_id", "merchant_account_type"),
            ],
            "text",
        ),
        "amount": "number",
        "contact": "PERSON",
        "order_ids": "text[]",
        "transaction_time": "time",
        "is_successful": "flag",
    },
    "order_payments": {
        **dict.fromkeys(["id", "note", "invoice_id", "payment_id", "pay_status", "refund_invoice_payment_id"], "text"),
        "amount": "number",
        "pay_time": "time",
        "last_updated_time": "time",
        "skip_commission": "flag",
    },
    "CARD": dict.fromkeys(
        ["brand", "fingerprint", "card_type", "last_four", "expiration_year", "expiration_month"], "text"
    ),
    "payment_methods": {
        **dict.fromkeys(
            [
                *("contact_id", "payment_method_id", "credit_card_id", "merchant_account_type", "merchant_account_id"),
                *("payment_method_type", "status"),
            ],
            "text",
        ),
        "created_time": "time",
        "card_info": "CARD",
    },
    "COMPANY": {"id": "text", "company_name": "text"},
    "contacts": {
        **dict.fromkeys(
            [
                *("id", "given_name", "family_name", "middle_name", "preferred_name", "owner_id", "source_type"),
                *("preferred_locale", "time_zone", "create_time", "update_time", "website", "job_title"),
            ],
            "text",
        ),
        "email_addresses": "EMAIL[]",
        "phone_numbers": "PHONE[]",
        "addresses": "ADDRESS[]",
        "company": "COMPANY",
        "tag_ids": "text[]",
        "custom_fields": "CUSTOM[]",
    },
    "companies": {
        **dict.fromkeys(["id", "company_name", "website", "notes", "create_time", "update_time"], "text"),
        "address": "ADDRESS",
        "email_address": "EMAIL",
        "phone_number": "PHONE",
        "custom_fields": "CUSTOM[]",
    },
    "CATEGORY": {"id": "text"},
    "tags": {
        **dict.fromkeys(["id", "name", "description"], "text"),
        "category": "CATEGORY",
        "create_time": "time",
        "update_time": "time",
    },
    "tag_categories": {
        **dict.fromkeys(["id", "name", "description"], "text"),
        "create_time": "time",
        "update_time": "time",
    },
    "users": {
        **dict.fromkeys(["id", "given_name", "family_name", "status", "global_user_id", "keap_id"], "text"),
        **dict.fromkeys(["created_by", "updated_by"], "whole"),
        **dict.fromkeys(["create_time", "update_time"], "time"),
        "email_addresses": "EMAIL[]",
        "admin": "flag",
        "partner": "flag",
    },
    "merchants": {**dict.fromkeys(["id", "name", "type"], "text"), "is_test": "flag"},
}

EXTRA = {"lifecycle_stage", "dunning_state", "channel_code"}
"""Fields that are in no table: a client has to bear them."""
