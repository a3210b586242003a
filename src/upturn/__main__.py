"""``python -m upturn``: the command line where the ``upturn`` command is not on the path."""

from upturn.cli.app import main

if __name__ == "__main__":
    main()
