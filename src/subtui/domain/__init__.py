"""The rules and the views: pure Python, without a clock, a database or a screen."""
