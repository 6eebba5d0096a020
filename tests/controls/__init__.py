"""Controls: what shows that a test guards its rule.

A control takes one rule out of a copy of the project and names the tests that must then fail. The lists are in `lists/`,
one file per area; `make controls` runs them, `docs/proofs.md` shows them.
"""
