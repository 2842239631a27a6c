"""Procedures written down once, as flow files: played, recorded, turned into a guide, and checked."""
