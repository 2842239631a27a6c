"""How fast the program is, against what the same machine does at least: `python -m benchmarks`, from the repository.

Every figure is a ratio of medians taken in one run, its rounds interleaved, so that a slow or busy machine slows both
sides. Nothing here is a test: no time ever fails anything.
"""
