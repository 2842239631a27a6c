"""The commands as records, from which keys, key bar, help, palette and keymap are made."""
