"""Reads the files that somebody wants to import: rows of CSV and objects of JSON, also packed, in bounded memory.

The readers know nothing of customers or orders: they hand out cells and objects with the line where they stand, and
explain in a sentence why a file cannot be read. `reading` is the way in, `shapes` holds what comes out.
"""
