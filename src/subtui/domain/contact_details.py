"""Checks e-mail addresses and phone numbers, and explains why a text is not one.

The two libraries for it are imported at the first check: no other code needs them.
"""

LONGEST_EMAIL = 200
LONGEST_PHONE = 40


def why_not_email(text: str) -> str | None:
    """Why this is not an e-mail address, in a sentence; None when it is one. Nothing is asked of the network."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    if not text.isprintable():
        return "An e-mail address can't contain control characters."
    try:
        validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        sentence = str(error)
        return sentence if sentence.endswith(".") else f"{sentence}."
    return None


def why_not_phone(text: str, country: str) -> str | None:
    """Why the text is no phone number, in a sentence, or None. Without a + it is read as a number of the country."""
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import NumberParseException, ValidationResult  # noqa: PLC0415

    try:
        possible = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(text, country.upper()))
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            return "Start the phone number with the area code, or with + and the country code."
        if error.error_type == NumberParseException.TOO_LONG:
            return "This phone number is too long."
        return "This is not a phone number: enter digits, as in +1 602 555 0142."
    return {
        ValidationResult.IS_POSSIBLE: None,
        ValidationResult.TOO_SHORT: "This phone number is too short.",
        ValidationResult.TOO_LONG: "This phone number is too long.",
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "This phone number has no area code.",
        ValidationResult.INVALID_COUNTRY_CODE: "This phone number has an unknown country code.",
    }.get(possible, "Phone numbers in that country have a different number of digits.")


def written_phone(text: str, country: str) -> str:
    """A phone number in international form, `+1 602-555-0142`; the text unchanged where it is none."""
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(text, country.upper())
    except phonenumbers.NumberParseException:
        return text.strip()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
