"""An example for every answer, made from its schema, so that readers see a whole envelope at once."""

from typing import Any

_BY_FORMAT = {
    "uuid": "0197a3c0-5d1e-7b6a-9a43-2f6f0b1c2d3e",
    "date-time": "2026-11-20T08:30:00Z",
    "date": "2026-11-20",
    "time": "08:30:00",
    "email": "an.nguyen@example.com",
    "uri": "https://example.com/",
    "decimal": "150000.00",
    "binary": "",
}
_BY_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 1, "boolean": True, "null": None}
_META = {"timestamp": "2026-11-20T08:30:00.000Z", "requestId": "0197a3c0-5d1e-7b6a-9a43-2f6f0b1c2d3e"}
_DEEPEST = 6

COMPONENTS = {
    "schemas": {
        "Meta": {
            "type": "object",
            "required": ["timestamp", "requestId"],
            "properties": {"timestamp": {"type": "string", "format": "date-time"}, "requestId": {"type": "string"}},
            "example": _META,
        },
        "Error": {
            "type": "object",
            "required": ["success", "error", "meta"],
            "properties": {
                "success": {"type": "boolean", "const": False},
                "error": {
                    "type": "object",
                    "required": ["code", "message", "details", "field"],
                    "properties": {
                        "code": {
                            "type": "string",
                            "enum": [
                                "AUTH_001",
                                "AUTH_002",
                                "AUTH_003",
                                "VALIDATION_001",
                                "NOT_FOUND_001",
                                "DUPLICATE_001",
                                "BUSINESS_001",
                                "RATE_001",
                                "MAINTENANCE_001",
                                "SERVER_001",
                            ],
                        },
                        "message": {"type": "string"},
                        "details": {"type": "object", "additionalProperties": True},
                        "field": {"type": "string"},
                    },
                },
                "meta": {"$ref": "#/components/schemas/Meta"},
            },
            "example": {
                "success": False,
                "error": {
                    "code": "VALIDATION_001",
                    "message": "Please check the input.",
                    "details": {"fields": {"name": ["This field is required."]}},
                    "field": "name",
                },
                "meta": _META,
            },
        },
    }
}


def add_examples(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Post-processing step: every JSON answer of success gets an example, and the shared shapes are added."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(COMPONENTS["schemas"])
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for status, response in operation.get("responses", {}).items():
                body = response.get("content", {}).get("application/json")
                if status.startswith("2") and body and "schema" in body and "example" not in body:
                    body["example"] = build_example(body["schema"], schemas)
    return result


def build_example(schema: Any, schemas: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits `schema`; nesting ends after a few levels."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return None
    if "$ref" in schema:
        return build_example(schemas.get(schema["$ref"].rpartition("/")[2], {}), schemas, depth + 1)
    for key in ("example", "const", "default"):
        if key in schema:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("allOf", "oneOf", "anyOf"):
        if schema.get(key):
            return build_example(schema[key][0], schemas, depth + 1)
    return _by_type(schema, schemas, depth)


def _by_type(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        item = build_example(schema.get("items", {}), schemas, depth + 1)
        return [] if item is None else [item]
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: build_example(part, schemas, depth + 1) for name, part in properties.items()}
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return _BY_TYPE.get(kind or "")
