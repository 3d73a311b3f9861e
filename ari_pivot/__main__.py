"""`python -m ari_pivot`."""

from ari_pivot.cli import main

if __name__ == "__main__":
    main()
