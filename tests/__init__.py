"""Tests, in folders named like the code they test."""
