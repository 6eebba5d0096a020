"""The REST door: one base for every resource of /api/v1. Knows no table and no business word.

Classes that settings name live one kind per file and import no views, because the REST framework loads them while its
own views are still loading.
"""
