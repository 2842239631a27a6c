"""What a person can do, as records: key, footer, help, palette and the keymap are all made from them."""
