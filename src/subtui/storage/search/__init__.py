"""Searches contacts among a million: an index of words, an index of parts, and a tier for each kind of match.

`contact_words` (FTS5) finds prefixes of words of names, companies and e-mails; `contact_parts` (FTS5 over trigrams)
finds any part of an e-mail or a phone number. Triggers update both in the transaction that writes a contact. Ranking
every match of a short word would take too long between two keys: a search goes from the best kind of match to the
worst and stops once the page is full.
"""

from subtui.storage.search.keys import PHONES, contact_keys
from subtui.storage.search.query import contacts_with, id_of
from subtui.storage.search.ranking import COUNT_CAP, Hits, find_contact_ids

__all__ = ["COUNT_CAP", "PHONES", "Hits", "contact_keys", "contacts_with", "find_contact_ids", "id_of"]
