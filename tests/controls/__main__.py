"""`python -m tests.controls [-k WORD] [--trust] [--document]`: run the controls, or write docs/proofs.md."""

import argparse
import sys
import time

from tests.controls.catalogue import Control, read_controls
from tests.controls.document import write_document
from tests.controls.run import CAUGHT, copied_project, find_failing, try_control


def main() -> int:
    """0 when every control that was asked for is caught."""
    parser = argparse.ArgumentParser(prog="make controls", description=__doc__)
    parser.add_argument("-k", default="", metavar="WORD", help="only controls with this in their name, area or file")
    parser.add_argument("--trust", action="store_true", help="do not first run the tests with every rule in place")
    parser.add_argument("--document", action="store_true", help="only write docs/proofs.md")
    options = parser.parse_args()
    if options.document:
        write_document()
        return 0
    controls = [control for control in read_controls() if _is_asked_for(control, options.k)]
    bad = run_controls(controls, trust=options.trust)
    print(f"{len(controls) - bad} of {len(controls)} controls caught.")
    write_document()
    return 1 if bad or not controls else 0


def run_controls(controls: list[Control], *, trust: bool) -> int:
    """Runs them one after the other and says how each ended; returns how many are not caught."""
    bad = 0
    with copied_project() as copy:
        failing = [] if trust else find_failing(copy, controls)
        for line in failing:
            print(f"does not pass with every rule in place: {line}", flush=True)
        for control in controls:
            began = time.monotonic()
            result = try_control(copy, control)
            bad += result.verdict != CAUGHT
            print(f"{result.verdict:12} {control.name} ({time.monotonic() - began:.0f} s)", flush=True)
            for line in result.details:
                print(f"             {line}", flush=True)
    return bad + len(failing)


def _is_asked_for(control: Control, word: str) -> bool:
    texts = (control.name, control.area, *(edit.file for edit in control.edits))
    return any(word.lower() in text.lower() for text in texts)


if __name__ == "__main__":
    sys.exit(main())
