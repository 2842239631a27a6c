"""`python -m subtui` is the same as `subtui`."""

from subtui.cli import main

if __name__ == "__main__":
    main()
