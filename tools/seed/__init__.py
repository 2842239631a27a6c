"""The parts of the demo data, put together by `tools/make_seed.py`."""
