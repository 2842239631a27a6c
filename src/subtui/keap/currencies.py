"""The codes of ISO 4217, and the currency signs that mean one or several of them."""

# ISO 4217, list one, without metals, test codes and units of account, in which nothing is priced.
_ACTIVE = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
    CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
# List three: withdrawn after 2008, so that a Keap account may hold old amounts in them. All had two decimals.
_WITHDRAWN = "ANG BGN CUC EEK HRK LTL LVL SKK SLL VEF ZMK ZWL"
_CODES = frozenset((_ACTIVE + _WITHDRAWN).split())

# The signs of the Unicode CLDR that belong to one currency only.
_OWN_SIGNS = {
    "€": "EUR",
    "₹": "INR",
    "₪": "ILS",
    "₩": "KRW",
    "₱": "PHP",
    "฿": "THB",
    "₫": "VND",
    "₺": "TRY",
    "₴": "UAH",
    "₦": "NGN",
    "₽": "RUB",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "NT$": "TWD",
    "MX$": "MXN",
    "R$": "BRL",
    "S$": "SGD",
}
_DOLLARS_AND_PESOS = """
    USD AUD CAD NZD SGD HKD TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD XCG MXN ARS CLP COP CUP DOP
    UYU
"""
# The signs of several currencies, and the one meant if the account's own is not among them; "" if that is ambiguous.
_SHARED_SIGNS = {
    "$": (frozenset(_DOLLARS_AND_PESOS.split()), "USD"),
    "£": (frozenset(("GBP", "GIP", "FKP", "SHP")), "GBP"),
    "¥": (frozenset(("JPY", "CNY")), ""),
    "C$": (frozenset(("CAD", "NIO")), ""),
}

OPEN_SIGNS = tuple(sign for sign, (_, usual) in _SHARED_SIGNS.items() if not usual)
"""The signs that are ambiguous in an account that uses none of their currencies."""

SIGNS: tuple[str, ...] = tuple(sorted((*_OWN_SIGNS, *_SHARED_SIGNS), key=len, reverse=True))
"""Every sign that `of_sign` knows, longer ones first."""


def known_code(code: str) -> str:
    """The code in capitals. Raises ValueError if ISO 4217 does not know it."""
    capitals = code.upper()
    if capitals not in _CODES:
        raise ValueError(f"has an unknown currency ({capitals})" if code else "has no currency")
    return capitals


def named_code(text: str, currency: str) -> str:
    """The currency that a cell of its own names, by code or sign, in an account that uses `currency`.

    Raises ValueError.
    """
    written = text.strip()
    return of_sign(written, currency) if written in SIGNS else known_code(written)


def of_sign(sign: str, currency: str) -> str:
    """The currency that a sign means in an account that uses `currency`. Raises ValueError if it could be several."""
    own = _OWN_SIGNS.get(sign)
    if own:
        return own
    several, usual = _SHARED_SIGNS[sign]
    meant = currency if currency in several else usual
    if not meant:
        raise ValueError(f"has a currency sign that several currencies share ({sign})")
    return meant


def could_be(sign: str, code: str) -> bool:
    """Whether a sign can stand beside a code, as in `$5.00 AUD`."""
    return _OWN_SIGNS.get(sign) == code or (sign in _SHARED_SIGNS and code in _SHARED_SIGNS[sign][0])
