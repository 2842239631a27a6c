"""Imports files: rows of CSV and objects of JSON, also from archives, in bounded memory.

The readers know nothing of customers or orders: they yield cells and objects with their line numbers, and explain in a
sentence why a file cannot be read. `files` opens the files, `types` holds the types that the readers yield.
"""
