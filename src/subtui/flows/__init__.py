"""Flows: procedures in flow files that can be played, recorded, turned into a guide, and checked."""
