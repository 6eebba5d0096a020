"""The GraphQL door: who asks, which right a field needs, pages, batched reads, limits, errors, the view.

Apps offer `Query` and `Mutation` classes in their module `graphql`; `schema.build_schema` puts them together. Only
addresses import this package: the library costs a second and no worker needs it.
"""
