"""What front ends show of the record: views, previews and letters, words included. Pure Python."""
