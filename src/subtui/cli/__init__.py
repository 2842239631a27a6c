"""The plain commands: what the screens do, as text and JSON for scripts. Modules here import light and work late."""
