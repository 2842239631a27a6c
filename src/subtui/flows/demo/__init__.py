"""Plays flows live: the real program inside, the words of the procedure below, and somebody who may take over."""
