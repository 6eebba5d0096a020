"""`python -m tests.controls [-k WORD] [--document]`: run the controls, or write docs/proofs.md."""

import argparse
import sys

from tests.controls.catalogue import Control, read_controls
from tests.controls.document import write_document
from tests.controls.run import CAUGHT, copied_project, try_controls


def main() -> int:
    """0 when every control that was asked for is caught."""
    parser = argparse.ArgumentParser(prog="make controls", description=__doc__)
    parser.add_argument("-k", default="", metavar="WORD", help="only controls with this in their name or area")
    parser.add_argument("--document", action="store_true", help="only write docs/proofs.md")
    options = parser.parse_args()
    if options.document:
        write_document()
        return 0
    controls = [control for control in read_controls() if _is_asked_for(control, options.k)]
    caught = run_controls(controls)
    print(f"{caught} of {len(controls)} controls caught.")
    write_document()
    return 0 if controls and caught == len(controls) else 1


def run_controls(controls: list[Control]) -> int:
    """Runs them and says how each ended; returns how many were caught."""
    caught = 0
    with copied_project() as copy:
        for result in try_controls(copy, controls):
            caught += result.verdict == CAUGHT
            print(f"{result.verdict:12} {result.control.name}", flush=True)
            for line in result.details:
                print(f"             {line}", flush=True)
    return caught


def _is_asked_for(control: Control, word: str) -> bool:
    return any(word.lower() in text.lower() for text in (control.name, control.area))


if __name__ == "__main__":
    sys.exit(main())
