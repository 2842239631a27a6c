"""The plain commands: the screens' data and acts as text and JSON for scripts. Modules import lazily."""
