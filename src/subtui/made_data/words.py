"""The words that made-up data is put together from, besides the names."""

SIGNS = ("Blue", "Golden", "Red", "Old", "Little", "Copper", "Silver", "Morning", "Wild", "Stone", "River", "Prairie",
         "Desert", "Harbor", "Sunny", "Maple", "Juniper", "Cedar", "Honey", "Northern", "Lucky", "Two", "Quiet",
         "Velvet", "Corner", "Iron")  # fmt: skip
THINGS = ("Door", "Crust", "Rock", "Mill", "Oven", "Loaf", "Kettle", "Crumb", "Hearth", "Wheat", "Barn", "Spoon",
          "Rooster", "Table", "Basket", "Apron", "Whisk", "Fig", "Bloom", "Fox", "Lantern", "Orchard", "Sparrow",
          "Meadow", "Anchor", "Clover")  # fmt: skip
ENGLISH_SHOPS = (
    ("%s Bakery", "%sbakery"), ("%s Bread Co.", "%sbread"), ("%s Kitchen", "%skitchen"), ("%s & Sons", "%sandsons"),
    ("%s Catering", "%scatering"), ("%s's Pies", "%spies"), ("The %s Loaf", "the%sloaf"), ("%s Mills", "%smills"),
    ("%s Farm", "%sfarm"), ("%s Coffee House", "%scoffee"), ("%s Inn", "%sinn"), ("%s Market", "%smarket"),
    ("%s Pastry Studio", "%spastry"), ("House of %s", "houseof%s"), ("%s Foods, Inc.", "%sfoods"), ("%s LLC", "%s-llc"),
    ("%s & Daughters", "%sdaughters"), ("%s Bread & Butter", "%sbutter"), ("%s Cooking School", "%sschool"),
)  # fmt: skip

FREE_MAIL = ("mail.example", "post.example", "inbox.example", "webmail.example", "letters.example", "home.example",
             "fastpost.example", "mailbox.example")  # fmt: skip
JOBS = ("Owner", "Head baker", "Purchasing", "Manager", "Baker", "Office", "Chef", "Assistant", "Bookkeeper", "Teacher",
        "Pastry chef", "Director")  # fmt: skip
BRANDS = (("Visa", 55), ("Mastercard", 30), ("American Express", 9), ("Discover", 4), ("JCB", 1), ("UnionPay", 1))
AUTOMATIONS = ("Members newsletter", "Monthly box", "Welcome course", "We miss you", "Gold circle")
ABOUT = (
    "Prefers e-mail.", "Call after 10.", "No e-mail: letters by post.", "Pays by bank transfer; no card wanted.",
    "Nobody in particular: whoever runs the stall that week.", "Shares the e-mail address with somebody else.",
    "Moves in summer; ask for the address.", "Pays the box and the membership from different cards.",
)  # fmt: skip
NOTES = (
    "Card has expired; asked for a new one by e-mail.", "Asked for more time with the invoice; it stays open for now.",
    "Called back; nothing to do.", "Wants to talk about the price before the next year.",
    "Delivery was left at the wrong door; sent again.", "Not the one with the same name: ask for the company.",
    "Asked how to change the address.", "Wants invoices by post.", "Met at the spring fair.",
    "Closes for two weeks in August.", "Would like the yearly plan; will decide next month.",
)  # fmt: skip
REASON_NOTES = (
    "Closes the shop.", "Waited weeks for an answer.", "No classes in the evening.", "Jars came cracked, twice.",
    "Could not get away.", "Moves abroad.", "Pays by the month from now on.", "Retires.",
)  # fmt: skip

APOSTROPHES = ("O'Brien", "O'Connor", "O'Neill", "O'Sullivan", "D'Angelo", "D'Amico", "D’Arcy", "d’Aubigné", "N'Diaye",
               "O’Malley", "L'Heureux", "Dell'Acqua")  # fmt: skip
PARTICLES = ("van der Berg", "de la Cruz", "von Ahlen", "St. John", "Ní Dhomhnaill", "al-Sayed", "Mac an Bhaird",
             "van 't Hof", "dos Santos", "Ørsted-Lind", "Åkesson Øster", "Nguyễn")  # fmt: skip
NAMESAKES = (("James", "Smith"), ("Anna", "Müller"), ("Anna", "Mueller"), ("María", "López"), ("Maria", "Lopez"),
             ("Wei", "Chen"), ("John", "Smith"), ("José", "García"), ("Kim", "Lee"), ("Mary", "Johnson"), ("Yan", "Li"),
             ("Ali", "Yılmaz"), ("Jan", "Kowalski"), ("Ivan", "Petrov"), ("Linda", "Nguyen"),
             ("Paul", "Martin"))  # fmt: skip
SINGLE_NAMES = ("Suharti", "Suryani", "Lakshmi", "Wati", "Madhu", "Budi", "Thant", "Kyaw")
ROLES = ("[Sales] Team", "[Accounts]", "[no longer here]", "Office [2nd floor]", "[bold]Orders[/bold]", "[VIP]")
MARKUP_COMPANIES = ("[/b] Holdings", "[red]Alert[/red] Foods", "[@click=app.quit]Click[/] Bakery", "100% Rye",
                    "Crumb_Co *really*", "<b>Bread</b> & Co.", "C:\\Bread\\Rye", "=SUM(A1) Bakery")  # fmt: skip
EMOJI = ("🥐", "🍞", "🥖", "🧁", "🍰", "☕", "🌾", "🥨", "🍪", "👩‍🍳", "🇫🇷", "❤️")
LONG_NAMES = (
    ("Hubertine Alexandra", "Wolfeschlegelsteinhausen-Featherstonehaugh-Cholmondeley-Vandersteenhoven"),
    ("Maria Antónia da Conceição", "Albuquerque e Vasconcelos de Mascarenhas Castelo-Branco"),
    ("Thiruvananthapuram Subramaniam", "Venkataramanaswamy Krishnamurthy Balasubramanian"),
)
LONG_COMPANIES = (
    "The Incorporated Guild of Master Bakers, Millers, Pastry Cooks and Confectioners of the Upper Verde Valley,"
    " Education and Apprenticeship Trust",
    "Bezirksschornsteinfegermeisterinnungsverband und Rindfleischetikettierungsüberwachungsgesellschaft mbH & Co. KG",
    "International Cooperative Federation of Independent Sourdough, Rye and Ancient Grain Producers (Southwest)",
)

AREA_CODES = (201, 202, 205, 206, 207, 208, 212, 213, 214, 215, 216, 301, 303, 305, 310, 312, 313, 314, 315, 316, 317,
              401, 402, 404, 405, 406, 408, 410, 412, 413, 414, 415, 480, 501, 502, 503, 504, 505, 508, 509, 510, 512,
              513, 515, 520, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 619, 623, 701, 702,
              703, 704, 706, 707, 712, 713, 714, 716, 717, 718, 719, 773, 801, 802, 803, 804, 805, 806, 808, 812, 813,
              814, 815, 816, 817, 818, 901, 902, 903, 904, 906, 907, 908, 910, 912, 913, 914, 915, 916, 918, 919, 920,
              925, 928, 931, 936, 937, 940, 941, 949, 951, 952, 954, 956, 970, 971, 972, 973, 978, 979, 980, 985,
              989)  # fmt: skip
AMERICAN_PHONES = ("(%d) 555-01", "%d-555-01", "%d.555.01", "%d55501", "+1 %d 555 01", "+1 (%d) 555-01", "1-%d-555-01",
                   "%d 555 01")  # fmt: skip
