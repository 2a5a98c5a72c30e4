"""`python -m local.replay`: the two tables. Ends with 1 when one of them is not clean."""

import argparse
import asyncio
import sys
from pathlib import Path

from core.errors import StartupError
from local.replay.material import load
from local.replay.run import replay

DATA = Path("../shared/data")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.replay", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the dialogs")
    parser.add_argument("--dialogs", type=int, help="only the first so many")
    parser.add_argument("--at-once", type=int, default=64, help="people who write side by side")
    parser.add_argument("--only", choices=["calm", "killed"], help="one run instead of both")
    arguments = parser.parse_args()
    if not (arguments.data / "dialogs.jsonl").is_file():
        print(f"skipped: {arguments.data}/dialogs.jsonl is not there, and it is what is replayed")
        return
    material = load(arguments.data, dialogs=arguments.dialogs)
    is_clean = True
    try:
        for name in [arguments.only] if arguments.only else ["calm", "killed"]:
            verdict = asyncio.run(
                replay(material, at_once=arguments.at_once, is_killed=name == "killed")
            )
            is_clean = is_clean and verdict.is_clean
    except StartupError as error:
        sys.exit(str(error))
    sys.exit(0 if is_clean else "A run was not clean: see the table above.")


if __name__ == "__main__":
    main()
