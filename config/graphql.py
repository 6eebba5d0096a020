"""The GraphQL door. Imported by the addresses alone."""

from apps.core.graphql.schema import build_schema
from apps.core.graphql.view import GraphQLView

schema = build_schema()
view = GraphQLView.as_view(graph=schema)
