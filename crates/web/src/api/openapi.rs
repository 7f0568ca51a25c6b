// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The description of the interface (OpenAPI 3.1), made from the list of endpoints and the types that they take and give.

use std::collections::BTreeMap;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use underpin_model::limits::bounds::{API_KEY_LETTERS, API_ROWS, API_ROWS_MOST};

use super::endpoint::{Endpoint, Gives, Group, Sends};
use super::problem::{PROBLEM_JSON, ProblemBody};
use super::reply::{BYTES, JSON};
use super::{BASE, ENDPOINTS, again};
use crate::caller::FORM_TOKEN;
use crate::visitor::SESSION_COOKIE;

/// Where schemas stand in the description.
const SCHEMAS: &str = "/components/schemas";
/// Where schemas of requests stand until they are put together with those of answers.
const SENT: &str = "/components/sent";

/// The description as text. It ends with a line break, as files do.
pub fn text() -> String {
    let text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    format!("{text}\n")
}

/// The description.
pub fn document() -> Value {
    let settings = |path: &str| {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = path.to_owned().into();
            settings.meta_schema = None;
        })
    };
    let mut answers = settings(SCHEMAS).for_serialize().into_generator();
    let mut requests = settings(SENT).for_deserialize().into_generator();
    let problem = answers.subschema_for::<ProblemBody>();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS.iter() {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_lowercase()] = operation(endpoint, &mut answers, &mut requests);
    }
    let (schemas, renamed) = together(answers.take_definitions(true), requests.take_definitions(true));
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Underpin",
            "version": "1",
            "summary": "What a government runs, and what of it is vulnerable",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": BASE }],
        "tags": Group::ALL.map(|group| json!({ "name": group.as_str() })),
        "security": [{ "bearer": [] }, { "key": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": problems(&problem),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A token of this house" },
                "key": { "type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "The same token" },
                "session": { "type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Somebody signed in" },
            },
        },
    });
    point(&mut document, &renamed);
    document
}

/// Schemas of answers and of requests as one list. What is told one way and taken another way gets two names.
fn together(
    answers: Map<String, Value>,
    requests: Map<String, Value>,
) -> (Map<String, Value>, BTreeMap<String, String>) {
    let mut renamed = BTreeMap::new();
    for name in requests.keys() {
        // Both point at the same names, so equal texts mean the same, but for where they point.
        let text = |schema: &Value| schema.to_string().replace(&format!("#{SENT}/"), &format!("#{SCHEMAS}/"));
        let is_same = answers.get(name).is_none_or(|own| text(own) == text(&requests[name]));
        renamed.insert(name.clone(), if is_same { name.clone() } else { format!("{name}Sent") });
    }
    // What points at something with two names has two names itself.
    loop {
        let is_split = |name: &str| renamed.get(name).is_some_and(|own| own != name);
        let points = |schema: &Value| {
            let text = schema.to_string();
            renamed.keys().any(|name| is_split(name) && text.contains(&format!("\"#{SENT}/{name}\"")))
        };
        let more =
            requests.iter().find(|(name, schema)| !is_split(name) && answers.contains_key(*name) && points(schema));
        let Some(name) = more.map(|(name, _)| name.clone()) else { break };
        renamed.insert(name.clone(), format!("{name}Sent"));
    }
    let mut schemas = answers;
    for (name, mut schema) in requests {
        bound(&mut schema);
        schemas.insert(renamed.get(&name).cloned().unwrap_or(name), schema);
    }
    (schemas, renamed)
}

/// Points what is said of requests at the names that their schemas got.
fn point(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(name) = target.strip_prefix(&format!("#{SENT}/"))
            {
                let name = renamed.get(name).map_or(name, String::as_str);
                *target = format!("#{SCHEMAS}/{name}");
            }
            fields.values_mut().for_each(|value| point(value, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| point(value, renamed)),
        _ => {}
    }
}

/// Says outright how far whole numbers reach: a format alone does not refuse any.
fn bound(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let most = match fields.get("format").and_then(Value::as_str) {
                Some("uint32") => Some((0.into(), u32::MAX.into())),
                Some("uint64" | "uint") => Some((0.into(), u64::MAX.into())),
                Some("int64") => Some((i64::MIN.into(), i64::MAX.into())),
                _ => None,
            };
            if let Some((least, most)) = most {
                fields.entry("minimum").or_insert(least);
                fields.entry("maximum").or_insert(most);
            }
            fields.values_mut().for_each(bound);
        }
        Value::Array(items) => items.iter_mut().for_each(bound),
        _ => {}
    }
}

const ABOUT: &str = "Answers are JSON in UTF-8. Who asks sees what their rights show; what is out of sight looks like what is not there.

Lists come page by page: ask again with `cursor` set to `page.next` until that is null. All pages of a walk are about one moment; when they cannot agree any more, the answer is 410.

Every answer to GET has an ETag: send it back in If-None-Match, and an answer that is still the same is 304 without a body.

A POST with an Idempotency-Key is done once, however often it is sent within 24 hours.

What goes wrong is a problem (RFC 9457) with a code that does not change, a sentence, and a hint.";

fn operation(endpoint: &Endpoint, answers: &mut SchemaGenerator, requests: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": endpoint.name,
        "tags": [endpoint.group.as_str()],
        "summary": endpoint.summary,
        "parameters": parameters(endpoint, requests),
        "responses": responses(endpoint, answers),
    });
    let body = match endpoint.sends {
        Sends::Nothing => None,
        Sends::Json(schema) => Some(json!({ JSON: { "schema": schema(requests) } })),
        Sends::Bytes => Some(json!({ BYTES: { "schema": { "type": "string", "format": "binary", "minLength": 1 } } })),
    };
    if let Some(content) = body {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if endpoint.act.is_none() {
        operation["security"] = json!([]);
    } else if endpoint.is_for_sessions {
        operation["security"] = json!([{ "session": [] }]);
    }
    if let Some(needs) = needs(endpoint) {
        operation["description"] = needs.into();
    }
    operation
}

/// What one needs to be allowed, in a sentence.
pub fn needs(endpoint: &Endpoint) -> Option<String> {
    let act = endpoint.act?;
    let word = super::service::ACTS.iter().find(|(one, _)| *one == act).map_or("", |(_, word)| word);
    if endpoint.is_for_sessions {
        return Some("Only somebody signed in does this, not a token.".to_owned());
    }
    let scopes = underpin_model::people::Scope::ALL.iter().filter(|scope| scope.covers(act));
    let scopes: Vec<&str> = scopes.map(|scope| scope.as_str()).collect();
    Some(format!("Needs a token with the scope {}, of somebody who may {word}.", scopes.join(" or ")))
}

fn parameters(endpoint: &Endpoint, requests: &mut SchemaGenerator) -> Vec<Value> {
    let given = |place: &str, name: &str, words: &str, schema: Value| {
        let required = place == "path" || name == FORM_TOKEN;
        json!({ "in": place, "name": name, "required": required, "description": words, "schema": schema })
    };
    let mut all: Vec<Value> = endpoint
        .variables()
        .map(|name| given("path", name, &format!("Identifier: {name}."), json!({ "type": "string", "minLength": 1 })))
        .collect();
    if let Some(own) = endpoint.asks {
        all.extend(own_parameters(own(requests).to_value()));
    }
    if endpoint.is_timed || endpoint.is_paged {
        let words = "As of that moment: what was known then, as far as you may see it now. A day alone means its end.";
        let moment = json!({ "type": "string", "anyOf": [{ "format": "date-time" }, { "format": "date" }] });
        all.push(given("query", "as-of", words, moment));
    }
    if endpoint.is_paged {
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": API_ROWS_MOST, "default": API_ROWS });
        all.push(given("query", "limit", "Rows of a page at most.", limit));
        let cursor = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" });
        all.push(given("query", "cursor", "`page.next` of the page before.", cursor));
    }
    if endpoint.is_safe() {
        all.push(given("header", "If-None-Match", "ETag of an answer that one has.", json!({ "type": "string" })));
    }
    if endpoint.is_matched {
        all.push(given(
            "header",
            "If-Match",
            "ETag of the state that one wants to change.",
            json!({ "type": "string" }),
        ));
    }
    if endpoint.is_for_sessions && !endpoint.is_safe() {
        let words = "The secret of the forms of the session: it stands in every page.";
        all.push(given("header", FORM_TOKEN, words, json!({ "type": "string", "minLength": 1 })));
    }
    if again::takes_keys(endpoint) {
        let key = json!({ "type": "string", "minLength": 1, "maxLength": API_KEY_LETTERS, "pattern": "^[!-~]+$" });
        all.push(given("header", "Idempotency-Key", "Any text that no other request has.", key));
    }
    all
}

/// The fields of an object as parameters.
fn own_parameters(mut object: Value) -> Vec<Value> {
    let required: Vec<String> = serde_json::from_value(object["required"].take()).unwrap_or_default();
    let Value::Object(fields) = object["properties"].take() else { return Vec::new() };
    let parameter = |(name, mut schema): (String, Value)| {
        let words = schema.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
        let is_required = required.contains(&name);
        let mut schema = without_null(schema);
        bound(&mut schema);
        json!({ "in": "query", "name": name, "required": is_required, "description": words, "schema": schema })
    };
    fields.into_iter().map(parameter).collect()
}

/// A parameter that is left out is not there; it is never null.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema["type"].as_array() {
        let kinds: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    } else if let Some(choices) = schema["anyOf"].as_array() {
        let choices: Vec<Value> = choices.iter().filter(|one| one["type"] != "null").cloned().collect();
        if let [only] = choices.as_slice() {
            return only.clone();
        }
    }
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    schema
}

/// Statuses that an endpoint answers with beside its own, as far as they follow from what it is.
fn faults(endpoint: &Endpoint) -> Vec<(u16, &'static str)> {
    let has_body = !matches!(endpoint.sends, Sends::Nothing);
    let is_open = endpoint.act.is_none();
    let all = [
        (400, "A parameter or the text of the request is not what it should be", true),
        (401, "Nobody showed who asks", !is_open),
        (403, "You, or this token, may not do this", !is_open),
        (404, "Nothing is here that you may see", !is_open),
        (406, "The answer has another media type than you accept", !matches!(endpoint.gives, Gives::Nothing)),
        (409, "What is there already stands against it", !is_open),
        (410, "The walk cannot go on: begin again", endpoint.is_paged),
        (412, "It has changed since you read it", endpoint.is_matched),
        (413, "It is more than the limits allow", !is_open),
        (415, "The request has another media type than is taken", has_body),
        (422, "The request is understood and cannot be answered", !is_open),
        (429, "These are more requests than are taken in a minute: wait as Retry-After says", true),
        (500, "Something went wrong inside", true),
        (503, "The house is busy: try again", true),
    ];
    all.into_iter().filter(|(_, _, is_there)| *is_there).map(|(status, words, _)| (status, words)).collect()
}

/// What goes wrong, each once: a status, what it means, and a problem that says more.
fn problems(problem: &schemars::Schema) -> Map<String, Value> {
    let content = json!({ PROBLEM_JSON: { "schema": problem } });
    let all = ENDPOINTS.iter().flat_map(faults);
    all.map(|(status, words)| (answer_name(status, words), json!({ "description": words, "content": content })))
        .collect()
}

/// The name of an answer that is a problem.
fn answer_name(status: u16, words: &str) -> String {
    let reason = axum::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.unwrap_or(words).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn responses(endpoint: &Endpoint, answers: &mut SchemaGenerator) -> Map<String, Value> {
    let mut all = Map::new();
    let content = match endpoint.gives {
        Gives::Json(schema) => json!({ JSON: { "schema": schema(answers) } }),
        Gives::Bytes => json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } }),
        Gives::Nothing => json!({}),
    };
    let mut own = json!({ "description": "The answer", "content": content });
    let text = json!({ "type": "string" });
    if endpoint.is_safe() {
        own["headers"] = json!({ "ETag": { "description": "Tag of this answer", "schema": text } });
        all.insert("304".to_owned(), json!({ "description": "The answer that you have is still good" }));
    }
    all.insert(endpoint.status.as_u16().to_string(), own.clone());
    if matches!(endpoint.sends, Sends::Bytes) && endpoint.status == axum::http::StatusCode::CREATED {
        own["description"] = "Nothing new was kept".into();
        all.insert("200".to_owned(), own);
    }
    for (status, words) in faults(endpoint) {
        all.insert(
            status.to_string(),
            json!({ "$ref": format!("#/components/responses/{}", answer_name(status, words)) }),
        );
    }
    all
}
