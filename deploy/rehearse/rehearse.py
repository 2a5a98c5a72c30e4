"""`make rehearse`: an operator's year with Parley in some minutes, on a machine without Parley.

Builds the images, starts production from nothing with the simulator as Telegram and provider, then
kills, upgrades, rolls back, backs up, restores and breaks it, while people ask; each step is a line
with what was seen. PARLEY_ENGINE, PARLEY_COMPOSE and PARLEY_BUILD may name podman's commands.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import steps
from engine import Failed
from ground import Ground


def main() -> int:
    parser = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave it running, to look at")
    parser.add_argument("--built", action="store_true", help="the images are there already")
    arguments = parser.parse_args()
    ground = Ground(Path(tempfile.mkdtemp(prefix="parley-rehearsal-")))
    try:
        ground.require_nobody()
    except Failed as error:
        sys.exit(f"parley: {error}")
    try:
        return _all(ground, is_built=arguments.built)
    except (Failed, steps.Broken) as error:
        print(f"  ✗ {error}", file=sys.stderr)
        return 1
    finally:
        print(f"What was said: {ground.keep_transcript()}")
        if arguments.keep:
            print(f"It still runs, in {ground.folder}: {ground.front_door}")
        else:
            ground.clear()


def _all(ground: Ground, *, is_built: bool) -> int:
    begun = time.monotonic()
    for step in steps.ALL[is_built:]:
        started = time.monotonic()
        seen = step(ground)
        words = (step.__doc__ or "").strip().rstrip(".")
        print(f"  ✓ {words:<62} {time.monotonic() - started:5.1f} s  {seen}", flush=True)
    print(f"Rehearsed in {(time.monotonic() - begun) / 60:.1f} min.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
