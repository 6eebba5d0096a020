"""How much one request may ask for, judged before anything of it is checked or run.

Each spread of a fragment is counted, yet each fragment is walked once per type, so that judging a query never costs
more than reading it, whatever it would expand to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    parse,
)

from apps.core.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from apps.core.errors import BadInput

MAX_LENGTH = 20_000
MAX_TOKENS = 1_500
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_FRAGMENTS = 50
MAX_DIRECTIVES = 30
MAX_COST = 10_000
MAX_BATCH = 5
# How long a list is taken to be that is no connection: the tasks of a job card, the lines of an order.
ASSUMED_LENGTH = 10
# What multiplies in a question about the schema itself.
_SCHEMA_LISTS = {"fields", "inputFields", "interfaces", "possibleTypes"}
_MAX_SCHEMA_LISTS = 2


class TooMuch(BadInput):
    """The query is larger than what is answered."""

    rule = "query_too_large"
    message = _("The query asks for too much.")


class Unreadable(BadInput):
    rule = "query_unreadable"
    message = _("The query cannot be read.")


def too_much(what: str, limit: int) -> TooMuch:
    error = TooMuch()
    error.details = {"limit": what, "allowed": limit}
    return error


def unreadable(problem: str) -> Unreadable:
    """`problem` is the grammar's own English: it is for those who write queries."""
    error = Unreadable()
    error.details = {"problem": problem[:300]}
    return error


@dataclass(frozen=True, slots=True)
class Size:
    depth: int = 0
    cost: int = 0


def read_query(text: str) -> DocumentNode:
    """The query as a tree. Raises TooMuch, Unreadable."""
    if len(text) > MAX_LENGTH:
        raise too_much("length", MAX_LENGTH)
    try:
        document = parse(text, no_location=False, max_tokens=MAX_TOKENS)
        _count_nodes(document)
    except RecursionError as error:
        raise too_much("depth", MAX_DEPTH) from error
    except GraphQLError as error:
        if "more than" in error.message and "tokens" in error.message:
            raise too_much("tokens", MAX_TOKENS) from error
        if "nested too deep" in error.message:
            raise too_much("depth", MAX_DEPTH) from error
        raise unreadable(error.message) from error
    return document


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to run. Raises Unreadable when it is not said which."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    found = [one for one in operations if name is None or (one.name and one.name.value == name)]
    if len(found) != 1:
        raise unreadable("operationName must name one operation of the query")
    return found[0]


def measure(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    *,
    may_introspect: bool,
) -> int:
    """What the operation costs. Raises TooMuch; Unreadable for circles and for questions about the schema itself."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    scale = Scale(schema, fragments, {**_defaults_of(operation), **variables}, may_introspect)
    try:
        size = scale.weigh(operation.selection_set, root)
    except RecursionError as error:
        raise too_much("depth", MAX_DEPTH) from error
    if size.depth > MAX_DEPTH:
        raise too_much("depth", MAX_DEPTH)
    if size.cost > MAX_COST:
        raise too_much("cost", MAX_COST)
    return size.cost


@dataclass
class Scale:
    """Weighs selections: depth in fields, cost in values that the answer may hold."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    may_introspect: bool
    known: dict[tuple[str, int], Size] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def weigh(self, selections: SelectionSetNode | None, kind: Any, *, rows: int = ASSUMED_LENGTH) -> Size:
        """`rows` is how long the lists right below are taken to be."""
        sizes = [self._weigh_one(one, kind, rows) for one in (selections.selections if selections else ())]
        return Size(max((one.depth for one in sizes), default=0), sum(one.cost for one in sizes))

    def _weigh_one(self, node: Any, kind: Any, rows: int) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._weigh_fragment(node.name.value, rows)
        if isinstance(node, InlineFragmentNode):
            named = self.schema.get_type(node.type_condition.name.value) if node.type_condition else kind
            return self.weigh(node.selection_set, named, rows=rows)
        return self._weigh_field(node, kind, rows)

    def _weigh_fragment(self, name: str, rows: int) -> Size:
        if name in self.open:
            raise unreadable(f"fragment {name} contains itself")
        fragment = self.fragments.get(name)
        if fragment is None:
            return Size()
        key = (name, rows)
        if key not in self.known:
            self.open.add(name)
            kind = self.schema.get_type(fragment.type_condition.name.value)
            self.known[key] = self.weigh(fragment.selection_set, kind, rows=rows)
            self.open.discard(name)
        return self.known[key]

    def _weigh_field(self, node: FieldNode, kind: Any, rows: int) -> Size:
        name = node.name.value
        if name in ("__schema", "__type"):
            return self._weigh_introspection(node)
        definition = kind.fields.get(name) if isinstance(kind, GraphQLObjectType) else None
        if definition is None:
            # Refused when it is checked; until then its depth counts like any other.
            inner = self.weigh(node.selection_set, None)
            return Size(1 + inner.depth, 1 + inner.cost)
        is_connection = "first" in definition.args
        inner = self.weigh(
            node.selection_set,
            get_named_type(definition.type),
            rows=self._size_of(node) if is_connection else ASSUMED_LENGTH,
        )
        times = rows if _is_list(definition.type) else 1
        return Size(1 + inner.depth, 1 + times * inner.cost)

    def _weigh_introspection(self, node: FieldNode) -> Size:
        if not self.may_introspect:
            raise unreadable("questions about the schema are not answered here")
        depth, lists, count = self._weigh_schema_part(node)
        if lists > _MAX_SCHEMA_LISTS:
            raise too_much("depth", MAX_DEPTH)
        # The standard question of tools is sixteen deep; it is a fixed size and no business of the depth limit.
        return Size(min(depth, MAX_DEPTH) if depth <= MAX_DEPTH + 6 else depth, count)

    def _weigh_schema_part(self, node: Any) -> tuple[int, int, int]:
        """(depth, nested lists, fields) of a part of a question about the schema."""
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in self.open:
                raise unreadable(f"fragment {name} contains itself")
            if name not in self.fragments:
                return 0, 0, 0
            self.open.add(name)
            found = self._sum_schema_parts(self.fragments[name].selection_set)
            self.open.discard(name)
            return found
        depth, lists, count = self._sum_schema_parts(node.selection_set)
        if isinstance(node, InlineFragmentNode):
            return depth, lists, count
        if count > MAX_COST:
            raise too_much("cost", MAX_COST)
        return depth + 1, lists + (node.name.value in _SCHEMA_LISTS), count + 1

    def _sum_schema_parts(self, selections: SelectionSetNode | None) -> tuple[int, int, int]:
        parts = [self._weigh_schema_part(one) for one in (selections.selections if selections else ())]
        depth, lists = (max((one[index] for one in parts), default=0) for index in (0, 1))
        return depth, lists, sum(one[2] for one in parts)

    def _size_of(self, node: FieldNode) -> int:
        """How many rows of a connection are asked for."""
        asked = [self._number_of(one.value) for one in node.arguments or () if one.name.value in ("first", "last")]
        return max((one for one in asked if one is not None), default=DEFAULT_LIMIT)

    def _number_of(self, node: Any) -> int | None:
        if isinstance(node, VariableNode):
            value = self.variables.get(node.name.value)
        elif isinstance(node, NullValueNode):
            value = None
        else:
            value = int(node.value) if isinstance(node, IntValueNode) else 0
        # What is no possible number is refused later; until then it counts as much as it could.
        return value if value is None or (isinstance(value, int) and 1 <= value <= MAX_LIMIT) else MAX_LIMIT


def _defaults_of(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode)
    }


def _is_list(kind: Any) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)


def _count_nodes(document: DocumentNode) -> None:
    """Raises TooMuch for too many aliases (or one name again and again), directives or fragments."""
    aliases = directives = 0
    for selections in _selection_sets(document):
        names = [one.name.value for one in selections.selections if isinstance(one, FieldNode)]
        aliases += sum(1 for one in selections.selections if isinstance(one, FieldNode) and one.alias)
        aliases += len(names) - len(set(names))
        directives += sum(len(one.directives or ()) for one in selections.selections)
    if aliases > MAX_ALIASES:
        raise too_much("aliases", MAX_ALIASES)
    if directives > MAX_DIRECTIVES:
        raise too_much("directives", MAX_DIRECTIVES)
    if sum(isinstance(one, FragmentDefinitionNode) for one in document.definitions) > MAX_FRAGMENTS:
        raise too_much("fragments", MAX_FRAGMENTS)


def _selection_sets(document: DocumentNode) -> Iterator[SelectionSetNode]:
    waiting: list[Any] = list(document.definitions)
    while waiting:
        selections = getattr(waiting.pop(), "selection_set", None)
        if selections is not None:
            yield selections
            waiting.extend(selections.selections)
