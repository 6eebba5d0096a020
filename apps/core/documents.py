"""What `manage.py document` writes for the core."""

from importlib import import_module


def describe_graphql() -> str:
    """The GraphQL schema of all apps. The library is loaded only when it is asked for."""
    schema: str = import_module("apps.core.graphql.schema").build_schema().as_str()
    return f"# Written from the code by `make docs`.\n\n{schema}\n"


DOCUMENTS = {"api/schema.graphql": describe_graphql}
