"""`python -m subtui` is the same as `subtui`."""

from subtui.cli.main import main

if __name__ == "__main__":
    main()
