"""`python -m stockshop` is the same as the `stockshop` command."""

from stockshop.cli import main

if __name__ == "__main__":
    main()
