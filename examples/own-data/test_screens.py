"""The screens on the choir school's own data. Each test opens the program on a copy of it, and presses keys."""


def test_a_cancellation_is_prepared(subtui_app, screen_snapshot):
    app = subtui_app("choir.json", route="/subscriptions/1")
    app.press("x t")
    assert "Too expensive" in app.text
    screen_snapshot(app)


def test_a_cancellation_is_saved(subtui_app, screen_snapshot):
    app = subtui_app("choir.json", route="/subscriptions/1")
    app.press("x", "t", "ctrl+s")
    assert app.message.startswith("Saved.")
    screen_snapshot(app, "saved")
    app.press("l")
    assert app.route.startswith("/letters/")
    screen_snapshot(app, "letter")


def test_a_customer_is_found_without_accents(subtui_app, screen_snapshot):
    app = subtui_app("choir.json", size=(100, 30))
    app.type("emile")
    app.press("enter")
    assert app.route == "/contacts/2"
    screen_snapshot(app)


def test_the_loose_ends(subtui_app, screen_snapshot):
    app = subtui_app("choir.json", user="ines@choir.example", route="/reports", size="120x36")
    app.press("f f f")
    screen_snapshot(app)


def test_a_viewer_cannot_save(subtui_app, screen_snapshot):
    app = subtui_app("choir.json", user="viewer", theme="light", route="/subscriptions/1")
    screen_snapshot(app)
