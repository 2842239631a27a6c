"""The demo's customers: everyday ones, and those whose names a screen gets wrong first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from seed.catalog import (
    BOX,
    BY_POST,
    DANA,
    EUROPE,
    FAIR,
    GOLD,
    MEMBERS,
    NAMES,
    NO_PHONE,
    SAM,
    THEO,
    WHOLESALE,
)
from subtui.storage.seed_format import SeedCard, SeedContact, SeedNote

NEWS, MONTHLY_BOX, WELCOME, WIN_BACK = "Members newsletter", "Monthly box", "Welcome course", "We miss you"
MARIA, LOPA, RESELLER = 1007, 1008, 1022


@dataclass(frozen=True, slots=True)
class Card:
    """A card on file, before it has an id."""

    brand: str
    last4: str
    month: int
    year: int
    active: bool = True


def _note(day: str, author: int, text: str) -> SeedNote:
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=17, minute=40)
    return SeedNote(at=at, text=text, author=NAMES[author])


def _visa(last4: str, month: int, year: int, *, active: bool = True) -> Card:
    return Card("Visa", last4, month, year, active)


def _master(last4: str, month: int, year: int, *, active: bool = True) -> Card:
    return Card("Mastercard", last4, month, year, active)


def _amex(last4: str, month: int, year: int) -> Card:
    return Card("American Express", last4, month, year)


def people() -> list[SeedContact]:
    """All contacts, with ids for their cards in the order of the list."""
    ids = count(501)
    return [*_notable(ids), *_from_everywhere(ids), *_everyday(ids)]


def _person(
    ids: Iterator[int],
    number: int,
    first: str,
    last: str,
    email: str = "",
    phone: str = "",
    company: str = "",
    *,
    cards: tuple[Card, ...] = (),
    owner: int | None = DANA,
    tags: tuple[int, ...] = (),
    automations: tuple[str, ...] = (),
    address: tuple[str, ...] = (),
    shipping: tuple[str, ...] = (),
    notes: tuple[SeedNote, ...] = (),
    about: str = "",
    job: str = "",
    email2: str = "",
    phone2: str = "",
    website: str = "",
) -> SeedContact:
    return SeedContact(
        id=number,
        first_name=first,
        last_name=last,
        company=company,
        job_title=job,
        email=email,
        email2=email2,
        phone1=phone,
        phone2=phone2,
        website=website,
        billing_address=list(address),
        shipping_address=list(shipping),
        owner_id=owner,
        person_notes=about,
        tags=list(tags),
        automations=list(automations),
        cards=[
            SeedCard(
                id=next(ids),
                brand=card.brand,
                last4=card.last4,
                expires_month=card.month,
                expires_year=card.year,
                active=card.active,
            )
            for card in cards
        ],
        notes=list(notes),
    )


def _notable(ids: Iterator[int]) -> list[SeedContact]:
    return [
        _person(
            ids, 1001, "Eleanor", "Whitfield", "eleanor@whitfield.example", "(602) 555-0101", "Whitfield Preserves",
            cards=(_visa("1881", 11, 2027),), tags=(MEMBERS, FAIR), automations=(NEWS,), job="Owner",
            address=("418 W Palm Lane", "Phoenix, AZ 85003", "United States"), website="https://whitfield.example",
        ),
        _person(
            ids, 1002, "James", "Smith", "james@smithcatering.example", "602-555-0117", "Smith & Sons Catering",
            cards=(_master("5100", 4, 2028),), tags=(MEMBERS,), automations=(NEWS,),
            address=("77 E Camelback Rd", "Phoenix, AZ 85012"),
            notes=(_note("2025-06-11", SAM, "Not the James Smith in Leeds: ask for the company."),),
        ),
        _person(
            ids, 1003, "Nora", "O'Brien", "nora@obrienscones.example", "(480) 555-0129", "O'Brien's Scones",
            cards=(_visa("0341", 9, 2026),), tags=(MEMBERS,), automations=(NEWS,), owner=SAM,
        ),
        _person(
            ids, 1004, "Wei", "Chen", "wei.chen@goldencrust.example", "+1 480 555 0136", "Golden Crust",
            cards=(_visa("7702", 3, 2027),), tags=(MEMBERS, GOLD), automations=(NEWS, "Gold circle"), owner=SAM,
            job="Head baker", address=("1200 N Alma School Rd", "Chandler, AZ 85224"),
            notes=(_note("2026-02-20", SAM, "Moves to Portland in April; does not want the next Gold year."),),
        ),
        _person(
            ids, 1005, "伟", "陈", "chenwei@chenguang.example", "+86 10 5555 0123", "晨光烘焙",
            cards=(Card("UnionPay", "8003", 12, 2028),), tags=(MEMBERS,), automations=(NEWS,), owner=SAM,
            address=("朝阳区建国路 88 号", "北京 100022", "中国"),
        ),
        _person(
            ids, 1006, "花子", "山田", "hanako@yamada-pan.example", "+81 3-5550-0104", "山田パン店",
            cards=(Card("JCB", "0505", 6, 2027),), tags=(BOX,), automations=(MONTHLY_BOX,), owner=SAM,
            address=("東京都台東区浅草 2-3-1", "〒111-0032", "日本"),
        ),
        _person(
            ids, MARIA, "María", "López", "maria@bluedoor.example", "(602) 555-0142", "Blue Door Bakery",
            cards=(_visa("4242", 8, 2027),), tags=(MEMBERS,), automations=(NEWS, MONTHLY_BOX), job="Owner",
            address=("9 Calle Azul", "Phoenix, AZ 85004", "United States"),
            shipping=("Blue Door Bakery, back entrance", "11 Calle Azul", "Phoenix, AZ 85004"),
            website="https://bluedoor.example",
            about="Bakes from 3 to 9; call after 10. Prefers e-mail.",
            notes=(
                _note("2025-12-17", DANA, "Asked for more time with the December invoice; it stays open for now."),
                _note("2026-01-19", DANA, "The January class was called off: 10.00 returned, nothing owed."),
            ),
        ),
        _person(ids, LOPA, "Lopa", "Marlow", "lopa.marlow@mail.example", "602.555.0143", tags=(FAIR,), owner=SAM),
        _person(
            ids, 1009, "Francesca", "D'Angelo", "francesca@dangeloforno.example", "(602) 555-0150", "D'Angelo Forno",
            cards=(_master("2211", 2, 2026), _visa("9090", 10, 2028)), tags=(MEMBERS, BOX),
            automations=(NEWS, MONTHLY_BOX), about="Pays the box and the membership from different cards.",
        ),
        _person(
            ids, 1010, "Anna", "Müller", "anna@mueller-brot.example", "+49 30 23125 018", "Müller Brot",
            cards=(_visa("3055", 5, 2028),), tags=(MEMBERS, EUROPE), automations=(NEWS,), owner=SAM,
            address=("Torstraße 41", "10119 Berlin", "Deutschland"),
        ),
        _person(
            ids, 1011, "Anna", "Mueller", "anna.mueller@mail.example", "(414) 555-0188",
            cards=(_visa("6112", 1, 2027),), tags=(BOX,), address=("2210 N Water St", "Milwaukee, WI 53202"),
        ),
        _person(
            ids, 1012, "Anna", "Müller", "anna@backstube-isar.example", "089 5550 0177", "Backstube an der Isar",
            cards=(_master("4478", 7, 2027),), tags=(MEMBERS, EUROPE), owner=SAM,
            address=("Auenstraße 7", "80469 München", "Deutschland"),
        ),
        _person(
            ids, 1013, "James", "Smith", "j.smith@leedsloaf.example", "+44 113 496 0182", "The Leeds Loaf",
            cards=(_visa("5556", 12, 2026),), tags=(EUROPE,), owner=SAM,
            address=("14 Call Lane", "Leeds LS1 6DN", "United Kingdom"),
        ),
        _person(
            ids, 1014, "ليلى", "حداد", "layla@jasmine-bakery.example", "+971 4 555 0160", "مخبز الياسمين",
            cards=(_visa("7171", 8, 2028),), tags=(MEMBERS,), automations=(NEWS,), owner=SAM,
            notes=(_note("2025-10-02", SAM, "Spelled Layla Haddad in letters written in English."),),
        ),
        _person(
            ids, 1015, "דוד", "כהן", "david@kohen-bread.example", "+972 3-555-0111", "מאפיית כהן",
            cards=(_master("8118", 3, 2027),), tags=(MEMBERS,), owner=SAM,
        ),
        _person(
            ids, 1016, "Kestrel", "[Sales] Team", "sales@kestrelmills.example", "(520) 555-0166", "Kestrel Mills",
            cards=(_amex("1005", 9, 2027),), tags=(WHOLESALE,), owner=THEO, phone2="(520) 555-0167",
        ),
        _person(
            ids, 1017, "Priya", "Raman", "priya@slashb.example", "(415) 555-0109", "[/b] Holdings",
            cards=(_visa("2828", 6, 2027),), tags=(MEMBERS,), automations=(NEWS,),
        ),
        _person(
            ids, 1018, "Hubertine Alexandra",
            "Wolfeschlegelsteinhausen-Featherstonehaugh-Cholmondeley-Vandersteenhoven",
            "hubertine.alexandra.wolfeschlegelsteinhausen@guild-of-master-bakers.example", "+1 (928) 555-0198",
            "The Incorporated Guild of Master Bakers, Millers, Pastry Cooks and Confectioners of the Upper Verde"
            " Valley, Education and Apprenticeship Trust",
            cards=(_visa("6464", 4, 2029),), tags=(MEMBERS, GOLD, BOX, FAIR, BY_POST), automations=(NEWS,
            MONTHLY_BOX),
            owner=THEO, job="Deputy Secretary for Apprenticeships, Examinations and Continuing Education",
            address=("The Guild House", "Attn: Education and Apprenticeship Trust", "3 Mill Race",
                     "Cottonwood, AZ 86326"),
        ),
        _person(ids, 1019, "Suharti", "", "suharti@mail.example", "+62 21 5550 0133",
                cards=(_visa("9440", 2, 2028),)),
        _person(ids, 1020, "Ines", "Okafor", owner=None),
        _person(
            ids, 1021, "", "", "office@desertbloom.example", "(623) 555-0170", "Desert Bloom Farmers' Market",
            tags=(BY_POST,), owner=None, about="Nobody in particular: whoever runs the stall that week.",
        ),
        _person(
            ids, RESELLER, "Marcus", "Webb", "marcus@sonoranbread.example", "(520) 555-0120", "Sonoran Bread Supply",
            tags=(WHOLESALE, BY_POST), owner=THEO, job="Purchasing", address=("600 S 4th Ave", "Tucson, AZ 85701"),
            about="One seat for each shop he supplies. One invoice a month for all of them, paid by check.",
            notes=(_note("2026-02-26", THEO, "Closes another shop in March; will write which."),),
        ),
    ]  # fmt: skip


def _from_everywhere(ids: Iterator[int]) -> list[SeedContact]:
    return [
        _person(
            ids, 1023, "Zoë", "van der Berg", "zoe@korst.example", "+31 20 555 0104", "Korst & Kruim",
            cards=(_master("7007", 11, 2026),), tags=(MEMBERS, EUROPE), automations=(NEWS,), owner=SAM,
        ),
        _person(ids, 1024, "Søren", "Ørsted-Lind", "soren@rugbrod.example", "+45 55 55 01 12", "Rugbrød Nørrebro",
                cards=(_visa("1212", 10, 2027),), tags=(EUROPE,), owner=SAM),
        _person(ids, 1025, "Łukasz", "Wójcik", "lukasz@chleb.example", "+48 22 555 01 19",
                cards=(_visa("4019", 1, 2026),), tags=(EUROPE,), owner=SAM),
        _person(ids, 1026, "Thị Hoa", "Nguyễn", "hoa@banhmi.example", "(408) 555-0124", "Bánh Mì Hoa",
                cards=(_visa("3344", 9, 2028),), tags=(BOX,), automations=(MONTHLY_BOX,)),
        _person(ids, 1027, "Siobhán", "Ní Dhomhnaill", "siobhan@arancroi.example", "+353 1 555 0148", "Arán Croí",
                cards=(_visa("8181", 5, 2027),), tags=(MEMBERS, EUROPE), automations=(NEWS,), owner=SAM),
        _person(ids, 1028, "Ana-Sofia", "Pereira Gonçalves", "anasofia@paodela.example", "+351 21 555 0130",
                "Pão de Lã",
                cards=(_master("6006", 8, 2026),), tags=(EUROPE, BOX), owner=SAM),
        _person(ids, 1029, "Björn", "Åkesson", "bjorn@knacke.example", "+46 8 555 01 55", "Knäcke AB", tags=(EUROPE,),
                owner=SAM, about="Pays by bank transfer; no card wanted."),
        _person(ids, 1030, "Tomáš", "Dvořák", "tomas@pekarna.example", "+420 255 550 171", "Pekárna U Mlýna",
                cards=(_visa("2929", 12, 2027),), tags=(EUROPE,), owner=SAM),
        _person(ids, 1031, "Müge", "Yıldırım", "muge@simit.example", "+90 212 555 01 26", cards=(_visa("5151", 7,
                2028),),
                owner=SAM),
        _person(ids, 1032, "Γιώργος", "Παπαδόπουλος", "giorgos@fournos.example", "+30 21 0555 0139", "Ο Φούρνος",
                cards=(_master("3773", 3, 2028),), tags=(EUROPE,), owner=SAM),
        _person(ids, 1033, "Олена", "Шевченко", "olena@khlib.example", "+380 44 555 0158", "Хліб і сіль",
                cards=(_visa("9119", 6, 2026),), tags=(EUROPE, MEMBERS), owner=SAM),
        _person(ids, 1034, "François", "Lefèvre", "francois@fournildulac.example", "+33 1 55 55 01 62",
                "Le Fournil du Lac", cards=(_visa("1664", 10, 2026),), tags=(MEMBERS, EUROPE), automations=(NEWS,),
                owner=SAM),
        _person(ids, 1035, "Jean-Luc", "d’Aubigné", "jeanluc@daubigne.example", "01 55 55 01 63",
                cards=(_visa("7272", 4, 2027),), tags=(EUROPE,), owner=SAM),
        _person(ids, 1036, "Grace", "Kim", "grace@moonjar.example", "(213) 555-0137", "Moon Jar Bakehouse",
                cards=(_visa("1110", 2, 2029),), tags=(MEMBERS, GOLD), automations=(NEWS, "Gold circle")),
    ]  # fmt: skip


def _everyday(ids: Iterator[int]) -> list[SeedContact]:
    return [
        _person(ids, 1037, "Tyrone", "Jackson", "tyrone@risingsun.example", "(313) 555-0145", "Rising Sun Bread",
                cards=(_master("5454", 8, 2028),), tags=(MEMBERS,), automations=(NEWS, WELCOME)),
        _person(ids, 1038, "Megan", "Castillo", "megan.castillo@mail.example", "6025550155", cards=(_visa("4004", 5,
                2026),),
                tags=(BOX,), automations=(MONTHLY_BOX,)),
        _person(ids, 1039, "Amara", "Obi", "amara@obikitchen.example", "(404) 555-0163", "Obi Kitchen",
                cards=(_visa("8228", 9, 2027),), tags=(MEMBERS,)),
        _person(ids, 1040, "Robert \"Bobby\"", "Tate", "bobby@tatepies.example", "(615) 555-0171", "Tate's Pies",
                cards=(_visa("3131", 12, 2025),), tags=(MEMBERS,), automations=(NEWS,),
                notes=(_note("2026-02-12", DANA, "Card has expired; asked for a new one by e-mail."),)),
        _person(ids, 1041, "Linda", "Nguyen", "linda.nguyen@mail.example", "(714) 555-0126", cards=(_amex("2002", 1,
                2028),),
                tags=(BOX,)),
        _person(ids, 1042, "Carlos", "Begay", "carlos@redrock.example", "(928) 555-0134", "Red Rock Ovens",
                cards=(_visa("6767", 7, 2027),), tags=(MEMBERS, FAIR), automations=(NEWS,)),
        _person(ids, 1043, "Hannah", "Lindgren", "hannah@lindgrenfarm.example", "(612) 555-0149", "Lindgren Farm",
                cards=(_visa("0606", 11, 2028),), tags=(MEMBERS,)),
        _person(ids, 1044, "Tom", "Baker", "tom@crumbco.example", "(503) 555-0108", "Crumb 🥐 Co.",
                cards=(_master("9339", 12, 2027),), tags=(MEMBERS, BOX), automations=(NEWS, MONTHLY_BOX)),
        _person(ids, 1045, "Ruth", "Abernathy", "abernathy@mail.example", "(602) 555-0181", cards=(_visa("2112", 6,
                2027),),
                about="Shares the e-mail address with her husband, Paul.", tags=(NO_PHONE,)),
        _person(ids, 1046, "Paul", "Abernathy", "abernathy@mail.example", "(602) 555-0181", tags=(NO_PHONE,)),
        _person(ids, 1047, "Deshawn", "Price", "deshawn@pricebread.example", "(216) 555-0152", "Price Bread & Butter",
                cards=(_visa("5995", 10, 2026),), tags=(MEMBERS,), automations=(NEWS,)),
        _person(ids, 1048, "Karen", "Ostrowski", "karen.ostrowski@mail.example", "(773) 555-0174",
                cards=(_master("1771", 4, 2026),), tags=(BOX,)),
        _person(ids, 1049, "Victor", "Almeida", "victor@almeidapadaria.example", "(508) 555-0116", "Almeida Padaria",
                cards=(_visa("8338", 8, 2027),), tags=(MEMBERS, GOLD), automations=(NEWS, "Gold circle")),
        _person(ids, 1050, "Jill", "Sandoval", "jill@sagebread.example", "(505) 555-0122", "Sage Bread Studio",
                cards=(_visa("4994", 2, 2027),), tags=(MEMBERS,), automations=(NEWS,)),
        _person(ids, 1051, "Beatrice", "Holloway", phone="(207) 555-0186", company="Holloway Inn", tags=(BY_POST,),
                about="No e-mail: letters by post.", address=("Holloway Inn", "2 Harbor Rd", "Camden, ME 04843")),
        _person(ids, 1052, "Omar", "Farouk", "omar@nilebakery.example", "+20 2 5550 0191", "Nile Bakery",
                cards=(_visa("3553", 9, 2026),), tags=(MEMBERS,), owner=SAM),
        _person(ids, 1053, "Kate", "Brennan", "kate.brennan@mail.example", "(617) 555-0107",
                cards=(_visa("1441", 5, 2028),), tags=(BOX,), owner=SAM),
        _person(ids, 1054, "Dylan", "Hughes", "dylan@bara.example", "+44 20 7946 0431", "Bara Brith Bakers",
                cards=(_master("6226", 3, 2027),), tags=(EUROPE,), owner=SAM, email2="orders@bara.example"),
        _person(ids, 1055, "Rosa", "Delgado", "rosa@tresleches.example", "(915) 555-0158", "Tres Leches",
                cards=(_visa("7557", 1, 2027),), tags=(MEMBERS,), automations=(NEWS, WELCOME), owner=SAM),
        _person(ids, 1056, "Henry", "Liu", "henry.liu@mail.example", "(206) 555-0113", cards=(_visa("0880", 6,
                2028),),
                tags=(MEMBERS,), owner=SAM),
        _person(ids, 1057, "Abigail", "Stone", "abigail@stonemill.example", "(802) 555-0119", "Stone Mill",
                cards=(_visa("2662", 12, 2025),), tags=(MEMBERS, BOX), owner=SAM,
                notes=(_note("2026-01-28", SAM, "Wants to talk about the price before the next year."),)),
        _person(ids, 1058, "Noah", "Feldman", "noah@bialy.example", "(718) 555-0141", "Bialy Brothers",
                cards=(_amex("3003", 7, 2027),), tags=(MEMBERS,), automations=(NEWS,), owner=SAM),
        _person(ids, 1059, "Yvonne", "Carter", "yvonne.carter@mail.example", "(702) 555-0131", tags=(FAIR,),
                owner=SAM),
        _person(ids, 1060, "Isaac", "Moreno", "isaac@pandulce.example", "(619) 555-0176", "Casa Pan Dulce",
                cards=(_visa("5885", 11, 2027),), tags=(MEMBERS,), automations=(NEWS,), owner=SAM),
        _person(ids, 1061, "Olivia", "Grant", "olivia.grant@mail.example", owner=SAM,
                cards=(_visa("9669", 6, 2025, active=False),), automations=(WIN_BACK,)),
        _person(ids, 1062, "Sanjay", "Kapoor", "sanjay@kapoorsweets.example", "(510) 555-0199", "Kapoor Sweets",
                cards=(_visa("4774", 8, 2026),), tags=(MEMBERS,), owner=SAM),
        _person(ids, 1063, "Gwen", "Ito", "gwen@islandoven.example", "(808) 555-0102", "Island Oven",
                cards=(_visa("1991", 10, 2028),), tags=(MEMBERS, BOX), automations=(NEWS, MONTHLY_BOX), owner=SAM),
        _person(ids, 1064, "Peter", "Novak", "peter.novak@mail.example", "(330) 555-0165", owner=None,
                about="Asked for the catalogue at the spring fair; has not bought anything yet.", tags=(FAIR,)),
    ]  # fmt: skip
