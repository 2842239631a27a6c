"""Single values as Keap's CSV exports, API dumps and REST answers write them.

Every reader raises ValueError with a reason that completes the sentence `<column> “<value>”: <reason>.`
"""
