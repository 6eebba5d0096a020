"""The base of all portals: declared screens, navigation, palette, live fragments.

An app declares its screens in its `portal.py`; the registry knows the portals and who may see what. Nothing here knows a
business word: what the pages need of companies, people and messages comes through `providers`.
"""
