"""Plays flows live: the program with the caption bar below it; the viewer can take over the keys."""
