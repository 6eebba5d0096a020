"""`python -m config.runtime up|services|exec|test-exec|stop|status|env`."""

import sys

from config.runtime.cli import main

if __name__ == "__main__":
    sys.exit(main())
