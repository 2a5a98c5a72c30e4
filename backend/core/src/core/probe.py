"""`python -m core.probe URL`: ends with 0 if the address answers 200 within three seconds.

Images have no curl; this imports nothing of the product, to be quick.
"""

import sys
import urllib.request


def main() -> None:
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=3) as answer:  # noqa: S310 - an operator's URL
            sys.exit(0 if answer.status == 200 else 1)  # noqa: PLR2004 - HTTP's OK
    except OSError:
        sys.exit(1)


if __name__ == "__main__":
    main()
