//! The `OpenAPI` 3.1 description, made from the catalogue: a schema for each action that
//! changes something, its fields as the action's own file has them.

use serde_json::{Map, Value, json};

use crate::{
    actions::{CATALOG, Entry},
    domain::area::Risk,
};

/// The whole description.
pub fn description(public_url: &str) -> Value {
    let mut schemas = Map::new();
    let mut proposals = Vec::new();
    let mut mapping = Map::new();
    for entry in CATALOG.iter().filter(|entry| entry.about.risk > Risk::Read) {
        let id = entry.about.id;
        arguments(entry, &mut schemas);
        let name = format!("{id}_proposal");
        schemas.insert(name.clone(), proposal(entry));
        let at = format!("#/components/schemas/{name}");
        mapping.insert(id.to_owned(), json!(at));
        proposals.push(json!({ "$ref": at }));
    }
    let choice = json!({
        "oneOf": proposals,
        "discriminator": { "propertyName": "action", "mapping": mapping },
    });
    schemas.insert("Proposal".to_owned(), choice);
    schemas.insert("Request".to_owned(), request());
    schemas.insert("Problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Programs propose Microsoft 365 changes. Nothing runs until the people named in the policy have signed it on a card; no call signs.",
        },
        "servers": [{ "url": public_url }],
        "security": [{ "token": [] }],
        "paths": {
            "/api/v1/proposals": { "post": propose() },
            "/api/v1/requests/{id}": { "get": look() },
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
        },
    })
}

/// The arguments of an action, and the types they refer to, under names of their own.
fn arguments(entry: &Entry, schemas: &mut Map<String, Value>) {
    let id = entry.about.id;
    let mut schema = Value::from((entry.schema)());
    let inner = schema.as_object_mut().and_then(|own| own.remove("$defs"));
    if let Some(own) = schema.as_object_mut() {
        own.remove("$schema");
    }
    for (name, mut inner) in
        inner.as_ref().and_then(Value::as_object).cloned().into_iter().flatten()
    {
        moved(&mut inner, id);
        schemas.insert(format!("{id}_{name}"), inner);
    }
    moved(&mut schema, id);
    schemas.insert(id.to_owned(), schema);
}

/// References lead to where the types are now.
fn moved(schema: &mut Value, id: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(at)) = fields.get_mut("$ref")
                && let Some(name) = at.strip_prefix("#/$defs/")
            {
                *at = format!("#/components/schemas/{id}_{name}");
            }
            fields.values_mut().for_each(|inner| moved(inner, id));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| moved(inner, id)),
        _ => {}
    }
}

fn proposal(entry: &Entry) -> Value {
    let id = entry.about.id;
    json!({
        "type": "object",
        "title": entry.about.title,
        "required": ["action", "arguments"],
        "additionalProperties": false,
        "properties": {
            "action": { "const": id },
            "arguments": { "$ref": format!("#/components/schemas/{id}") },
            "at": { "type": "string", "description": "When it should start: 2026-11-30 or 2026-11-30T17:00, in the tenant's time zone. As soon as it is signed, if left out." },
            "on_behalf_of": { "type": "string", "description": "The sign-in name of the person who asks, if this program may name one." },
        },
    })
}

fn propose() -> Value {
    let key = json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "description": "A new one for each proposal; the same one when it is repeated, which gives the same request.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
    });
    let taken = |said: &str| {
        json!({
            "description": said,
            "headers": { "Location": { "schema": { "type": "string", "format": "uri" } } },
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Request" } } },
        })
    };
    json!({
        "operationId": "propose",
        "summary": "Propose a change",
        "parameters": [key],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Proposal" } } } },
        "responses": {
            "201": taken("It waits for its signatures."),
            "200": taken("It was proposed before, with this key."),
            "400": wrong("The key or the body cannot be read."),
            "401": wrong("No token that is known here."),
            "403": wrong("Not allowed to this program, or to the person in whose name it asks."),
            "413": wrong("The body is too large."),
            "415": wrong("The body is not JSON."),
            "422": wrong("A field is wrong, or the directory says no."),
            "429": wrong("Too many calls in this minute."),
            "503": wrong("Nothing was stored; send it again with the same key."),
        },
    })
}

fn look() -> Value {
    json!({
        "operationId": "request",
        "summary": "How a request stands that this program made",
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
        "responses": {
            "200": {
                "description": "How it stands.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Request" } } },
            },
            "401": wrong("No token that is known here."),
            "404": wrong("No request of this program."),
            "429": wrong("Too many calls in this minute."),
        },
    })
}

fn wrong(said: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": said, "content": { "application/problem+json": { "schema": schema } } })
}

fn request() -> Value {
    let text = json!({ "type": "string" });
    let instant = json!({ "type": "string", "format": "date-time" });
    let states = [
        "clarifying",
        "pending",
        "approved",
        "scheduled",
        "running",
        "succeeded",
        "partly_failed",
        "failed",
        "in_doubt",
        "rejected",
        "expired",
        "cancelled",
        "superseded",
    ];
    json!({
        "type": "object",
        "required": ["id", "number", "state", "final", "actions", "requester", "asked_at", "steps", "url"],
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "number": { "type": "string", "examples": ["#1042"] },
            "state": { "enum": states },
            "final": { "type": "boolean", "description": "Nothing more happens by itself." },
            "actions": { "type": "array", "items": text },
            "requester": text,
            "asked_at": instant,
            "due_at": { "type": ["string", "null"], "format": "date-time" },
            "signed_by": { "type": "array", "items": text },
            "steps": { "type": "array", "items": {
                "type": "object",
                "required": ["id", "change", "state"],
                "properties": {
                    "id": { "type": "integer" },
                    "change": text,
                    "state": { "enum": ["waiting", "started", "verifying", "done", "already_so", "failed", "skipped", "in_doubt"] },
                },
            } },
            "url": { "type": "string", "format": "uri", "description": "Ask here how it stands." },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What is wrong, with which field, and what to do." },
            "errors": { "type": "array", "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": { "type": ["string", "null"], "description": "The argument, `action`, `at`, `on_behalf_of` or `Idempotency-Key`." },
                    "code": { "type": "string" },
                    "detail": { "type": "string" },
                },
            } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_the_catalogue_is_described_and_every_reference_leads_somewhere() {
        let all = description("https://countersign.example.com");
        for entry in CATALOG {
            let known = all["components"]["schemas"].get(entry.about.id).is_some();
            assert_eq!(known, entry.about.risk > Risk::Read, "{}", entry.about.id);
        }
        let mut found = Vec::new();
        references(&all, &mut found);
        assert!(found.len() > CATALOG.len());
        for at in found {
            let pointer = at.strip_prefix('#').unwrap_or_else(|| panic!("{at}"));
            assert!(all.pointer(pointer).is_some(), "{at} leads nowhere");
        }
        assert!(!all.to_string().contains("$defs"));
    }

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
}
