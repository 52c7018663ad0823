"""What the OpenAPI description says besides what the views say themselves."""

from typing import Any

from config.errors import PROBLEM

_TEXT = {"type": "string"}

_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {**_TEXT, "description": "In the reader's language."},
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "Why, in the reader's language."},
        "code": {**_TEXT, "description": "Why, stable and in English: for programs."},
        "errors": {
            "type": "object",
            "description": "Where the fault is in what was sent: field to sentences.",
            "additionalProperties": True,
        },
        "until": {"type": "string", "format": "date-time", "description": "From when a count may be seen."},
        "remedy": {
            "type": "object",
            "description": "What would help, and the page where to do it.",
            "properties": {"label": _TEXT, "address": {"type": "string", "format": "uri-reference"}},
        },
    },
}


def add_problems(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Say of each operation that its errors are problem details; a hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
    problem = {
        "description": "Why not.",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = problem
    return result
