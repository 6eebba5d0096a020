"""Settings: `base` for running, `test` for the test suite. Everything that differs between places is an environment variable."""
