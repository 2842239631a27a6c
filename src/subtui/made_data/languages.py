"""The languages of contacts' names, with their shares, and the shops, phone numbers and country of each.

Phone numbers are from the ranges that a country reserves for fiction, where it has one; elsewhere they contain 555 01,
as in the demo data. A `#`, at most two of them, stands for any digit; two more digits complete every number.
"""

from dataclasses import dataclass

from subtui.made_data.words import ENGLISH_SHOPS

_GERMAN_PHONES = ("+49 30 23125 #", "030 23125#", "+49 69 90009 #", "+49 40 66969 #", "+49 221 4710 #",
                  "089 99998#", "+49 171 39200")  # fmt: skip
_BRITISH_PHONES = ("+44 20 7946 0#", "020 7946 0#", "+44 113 496 0#", "01632 960#", "07700 900#", "+44 7700 900#")
_FRENCH_PHONES = ("+33 1 99 00 0# ", "01 99 00 1# ", "02 61 91 0# ", "03 53 01 0# ", "04.65.71.0#.", "+33 5 36 49 0# ",
                  "06 39 98 0# ")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """A language: its code in mimesis (none where mimesis lacks it), its share in a thousand, and its other data.
    `euro` is the share of its contacts who pay in euros."""

    locale: str
    share: int
    country: str
    shops: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]
    euro: float = 0.0


HOMES = (
    Home("en", 530, "United States", ENGLISH_SHOPS, ()),
    Home("en-gb", 45, "United Kingdom", ENGLISH_SHOPS, _BRITISH_PHONES, 0.3),
    Home(
        "es-mx",
        55,
        "México",
        (("Panadería %s", "panaderia%s"), ("Tortillería %s", "tortilleria%s")),
        ("+52 ##5 555 01", "##5 555 01"),
    ),
    Home(
        "es",
        50,
        "España",
        (("Panadería %s", "panaderia%s"), ("Hornos %s, S.L.", "hornos%s"), ("Pan de %s", "pande%s")),
        ("+34 9## 555 01", "9## 555 01"),
        0.8,
    ),
    Home(
        "de",
        55,
        "Deutschland",
        (
            ("Bäckerei %s", "baeckerei-%s"),
            ("%s Brot", "%s-brot"),
            ("Backstube %s", "%s-stube"),
            ("Konditorei %s GmbH", "konditorei-%s"),
        ),
        _GERMAN_PHONES,
        0.9,
    ),
    Home(
        "fr",
        48,
        "France",
        (
            ("Boulangerie %s", "boulangerie-%s"),
            ("Le Fournil de %s", "fournil%s"),
            ("Pâtisserie %s", "patisserie-%s"),
            ("L'Épi de %s", "epi%s"),
        ),
        _FRENCH_PHONES,
        0.9,
    ),
    Home(
        "sv",
        25,
        "Sverige",
        (("%s Bageri", "%sbageri"), ("%s Konditori AB", "%skonditori"), ("%s & Söner", "%ssoner")),
        ("031-390 06 ", "+46 8 465 004 ", "040-628 04 ", "0980-319 2", "+46 31 390 06 "),
        0.6,
    ),
    Home(
        "tr", 20, "Türkiye", (("%s Fırın", "%sfirin"), ("%s Simit Evi", "%ssimit")), ("+90 2## 555 01 ", "02## 555 01 ")
    ),
    Home(
        "pt",
        17,
        "Portugal",
        (("Padaria %s", "padaria%s"), ("Pastelaria %s", "pastelaria%s")),
        ("+351 2## 555 01", "2## 555 01"),
        0.9,
    ),
    Home(
        "pt-br",
        20,
        "Brasil",
        (("Padaria %s", "padaria%s"), ("Confeitaria %s", "doces%s")),
        ("+55 ## 5550-01", "(##) 5550-01"),
    ),
    Home(
        "pl",
        25,
        "Polska",
        (("Piekarnia %s", "piekarnia-%s"), ("Cukiernia %s", "cukiernia-%s")),
        ("+48 ## 555 01 ", "## 555 01 "),
        0.6,
    ),
    Home(
        "el",
        12,
        "Ελλάδα",
        (("Φούρνος %s", "fournos-%s"), ("Ζαχαροπλαστείο %s", "glyka-%s")),
        ("+30 2## 0555 01", "2##0 555 01"),
        0.9,
    ),
    Home(
        "ru",
        20,
        "Россия",
        (("Пекарня «%s»", "pekarnya-%s"), ("Хлеб %s", "hleb-%s")),
        ("+7 4## 555-01-", "8 (8##) 555-01-"),
    ),
    Home(
        "ja",
        18,
        "日本",
        (("%sパン店", "%s-pan"), ("株式会社%s", "%s-kk"), ("ベーカリー%s", "%s-bakery")),
        ("+81 ##-5550-01", "0##-5550-01"),
    ),
    Home("zh", 20, "中国", (("%s烘焙", "%s-hongbei"), ("%s面包房", "%s-mianbao")), ("+86 1# 5555 01", "0##-5555-01")),
    Home(
        "ko", 12, "대한민국", (("%s 베이커리", "%s-bakery"), ("%s제과", "%s-jegwa")), ("+82 ##-5550-01", "0##-5550-01")
    ),
    Home(
        "ar-ae",
        13,
        "الإمارات",
        (("مخبز %s", "makhbaz-%s"), ("حلويات %s", "halawiyat-%s")),
        ("+971 # 555 01", "0# 555 01"),
    ),
    Home("fa", 7, "ایران", (("نانوایی %s", "nan-%s"),), ("+98 ## 5550 01",)),
    Home("", 8, "ישראל", (("מאפיית %s", "%s-bread"), ("קונדיטוריה %s", "%s-cakes")), ("+972 #-555-01", "0#-555-01")),
)

HEBREW_GIVEN = (
    ("נועה", "תמר", "מאיה", "שרה", "יעל", "אביגיל", "רחל", "מיכל", "שירה", "טליה", "אסתר", "רות", "ליאור", "הילה"),
    ("דוד", "משה", "יוסף", "אורי", "איתי", "נועם", "יצחק", "אריאל", "דניאל", "אלון", "עומר", "גיל", "אברהם", "רון"),
)
HEBREW_FAMILY = (
    "כהן", "לוי", "מזרחי", "פרץ", "ביטון", "דהן", "אברהם", "פרידמן", "מלכה", "אזולאי", "כץ", "יוסף", "דוד", "עמר",
    "אוחיון", "חדד", "גבאי", "בן דוד", "אדרי", "לוין", "טל", "קליין", "חן", "שפירא", "הורוביץ", "סגל", "רוזנברג",
)  # fmt: skip
HEBREW_CITIES = ("תל אביב", "ירושלים", "חיפה", "באר שבע", "נתניה", "אשדוד", "רמת גן")
HEBREW_STREETS = ("הרצל", "ויצמן", "רוטשילד", "דיזנגוף", "אלנבי", "ביאליק", "הגפן")
