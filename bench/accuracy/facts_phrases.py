"""Schemas, tools and marks of make_facts.py. The two halves share none."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# Schemas, and a value that fits.
SCHEMAS: dict[str, list[tuple[Json, Json]]] = {
    "test": [
        ({"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "maximum": 14}}, {"city": "Tudela", "days": 3}),
        ({"mood": {"enum": ["calm", "angry", "sad"]}, "score": {"type": "number"}}, {"mood": "calm", "score": 0.75}),
        ({"items": {"type": "array", "items": {"type": "string"}}, "total": {"type": "number"}}, {"items": ["wheel", "chain"], "total": 88.4}),
        ({"name": {"type": "string", "minLength": 2}, "adult": {"type": "boolean"}}, {"name": "Brigitta", "adult": True}),
        ({"address": {"type": "object", "properties": {"street": {"type": "string"}, "number": {"type": "integer"}}, "required": ["street"]}, "note": {"type": "string"}}, {"address": {"street": "Robles", "number": 31}, "note": "piso «B»"}),
        ({"id": {"type": "string"}, "tags": {"type": "array", "items": {"enum": ["red", "blue"]}}}, {"id": "a-1", "tags": ["red", "blue"]}),
        ({"title": {"type": "string", "maxLength": 40}, "pages": {"type": "integer", "minimum": 1}, "draft": {"type": "boolean"}}, {"title": "Minutes of Monday", "pages": 4, "draft": True}),
        ({"from": {"type": "string"}, "to": {"type": "string"}, "seats": {"type": "integer", "enum": [1, 2, 3, 4]}}, {"from": "Soria", "to": "Tudela", "seats": 2}),
    ],
    "tuned": [
        ({"word": {"type": "string"}, "count": {"type": "integer"}}, {"word": "olive", "count": 2}),
        ({"ok": {"type": "boolean"}, "level": {"enum": ["low", "high"]}}, {"ok": False, "level": "low"}),
    ],
}  # fmt: skip
TOOLS = {
    "test": ["find_guest", "track_parcel", "set_reminder", "consulta_saldo", "resize_image", "read_file", "print_minutes", "reserva_tren"],
    "tuned": ["lookup_member", "anotar", "check_stock"],
}  # fmt: skip
CANARIES = {
    "test": ["zebra-ferry-5521-plum", "CANARY_9f31c2ab77", "El-Faro-Nunca-Duerme-88"],
    "tuned": ["otter-lamp-330-fig", "MARK_c0ffee1234"],
}  # fmt: skip
# As the client of OpenAI prints it.
REFUSED = "Error code: 400 - {'error': {'code': 'content_filter', 'innererror': {'code': 'ResponsibleAIPolicyViolation', 'content_filter_result': {'hate': {'filtered': True, 'severity': 'high'}}}}}"
