// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a value is what a JSON Schema says: the words that the description of the interface uses. A word that is not known here
//! fails, so that nothing is passed over.

use serde_json::{Map, Value};

/// Words that say something to readers alone.
const TOLD: [&str; 8] = ["description", "default", "format", "title", "$schema", "examples", "minLength", "pattern"];

/// Checks a value against a schema of a document.
pub fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    at(document, schema, value, "")
}

fn at(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let fields = match schema {
        Value::Bool(true) => return Ok(()),
        Value::Object(fields) => fields,
        other => return Err(format!("{place}: the schema is {other}")),
    };
    let mut seen: Vec<&str> = Vec::new();
    for (word, said) in fields {
        let result = match word.as_str() {
            told if TOLD.contains(&told) => Ok(()),
            "$ref" => {
                let path = said.as_str().and_then(|path| path.strip_prefix('#')).unwrap_or_default();
                let target = document.pointer(path).ok_or_else(|| format!("{path} is not there"))?;
                at(document, target, value, place)
            }
            "type" => kind(said, value),
            "enum" => {
                said.as_array().is_some_and(|all| all.contains(value)).then_some(()).ok_or("none of these".into())
            }
            "const" => (said == value).then_some(()).ok_or_else(|| "another value".into()),
            "minimum" => number(value, |own| own >= said.as_f64().unwrap_or(f64::MAX)),
            "maximum" => number(value, |own| own <= said.as_f64().unwrap_or(f64::MIN)),
            "properties" => {
                seen.extend(said.as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
                properties(document, said, value, place)
            }
            "required" => required(said, value),
            "items" => items(document, said, value, place),
            "prefixItems" => tuple(document, said, value, place),
            "minItems" | "maxItems" => Ok(()),
            "additionalProperties" => additional(document, (fields, said), value, place),
            "unevaluatedProperties" => Ok(()),
            "anyOf" | "oneOf" => one_of(document, (word, said), value, place),
            "allOf" => said.as_array().into_iter().flatten().try_for_each(|one| at(document, one, value, place)),
            other => Err(format!("the word {other:?} of the schema is not known here")),
        };
        result.map_err(|text| if text.starts_with('/') { text } else { format!("{place}/ ({word}): {text}") })?;
    }
    Ok(())
}

fn kind(said: &Value, value: &Value) -> Result<(), String> {
    let is = |kind: &Value| match kind.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let fits = said.as_array().map_or_else(|| is(said), |all| all.iter().any(is));
    fits.then_some(()).ok_or_else(|| format!("{value} is no {said}"))
}

fn number(value: &Value, fits: impl Fn(f64) -> bool) -> Result<(), String> {
    value.as_f64().is_none_or(fits).then_some(()).ok_or_else(|| format!("{value} is out of bounds"))
}

fn properties(document: &Value, said: &Value, value: &Value, place: &str) -> Result<(), String> {
    let Some(own) = value.as_object() else { return Ok(()) };
    for (name, schema) in said.as_object().into_iter().flatten() {
        if let Some(field) = own.get(name) {
            at(document, schema, field, &format!("{place}/{name}"))?;
        }
    }
    Ok(())
}

fn required(said: &Value, value: &Value) -> Result<(), String> {
    let Some(own) = value.as_object() else { return Ok(()) };
    let mut names = said.as_array().into_iter().flatten().filter_map(Value::as_str);
    names.find(|name| !own.contains_key(*name)).map_or(Ok(()), |name| Err(format!("{name} is missing")))
}

fn items(document: &Value, said: &Value, value: &Value, place: &str) -> Result<(), String> {
    let all = value.as_array().into_iter().flatten().enumerate();
    all.into_iter().try_for_each(|(index, item)| at(document, said, item, &format!("{place}/{index}")))
}

fn tuple(document: &Value, said: &Value, value: &Value, place: &str) -> Result<(), String> {
    let pairs = said.as_array().into_iter().flatten().zip(value.as_array().into_iter().flatten());
    pairs.into_iter().try_for_each(|(schema, item)| at(document, schema, item, place))
}

fn additional(
    document: &Value,
    (fields, said): (&Map<String, Value>, &Value),
    value: &Value,
    place: &str,
) -> Result<(), String> {
    let known = fields.get("properties").and_then(Value::as_object);
    let others =
        value.as_object().into_iter().flatten().filter(|(name, _)| known.is_none_or(|own| !own.contains_key(*name)));
    for (name, field) in others {
        match said {
            Value::Bool(false) => return Err(format!("{name} is not told of")),
            schema => at(document, schema, field, &format!("{place}/{name}"))?,
        }
    }
    Ok(())
}

fn one_of(document: &Value, (word, said): (&str, &Value), value: &Value, place: &str) -> Result<(), String> {
    let results: Vec<_> = said.as_array().into_iter().flatten().map(|one| at(document, one, value, place)).collect();
    let fits = results.iter().filter(|one| one.is_ok()).count();
    if fits == 1 || (fits > 1 && word == "anyOf") {
        return Ok(());
    }
    let faults: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    Err(format!("{fits} of the choices fit: {}", faults.join("; ")))
}

/// Fields that an object has and no schema tells of, at any depth: a description that leaves something out is not whole.
pub fn untold(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let schemas = flat(document, schema);
    match value {
        Value::Object(own) => {
            let is_open = schemas.iter().any(|one| {
                one.as_object()
                    .is_none_or(|one| one.contains_key("additionalProperties") || !one.contains_key("properties"))
            });
            for (name, field) in own {
                let told: Vec<&Value> = schemas.iter().filter_map(|one| one["properties"].get(name)).collect();
                match told.as_slice() {
                    [] if is_open => {}
                    [] => all.push(name.clone()),
                    schemas => {
                        let inner = schemas.iter().map(|one| untold(document, one, field)).min_by_key(Vec::len);
                        all.extend(inner.unwrap_or_default().into_iter().map(|rest| format!("{name}/{rest}")));
                    }
                }
            }
        }
        Value::Array(items) => {
            let schemas: Vec<&Value> = schemas.iter().filter_map(|one| one.get("items")).collect();
            for item in items {
                let inner = schemas.iter().map(|one| untold(document, one, item)).min_by_key(Vec::len);
                all.extend(inner.unwrap_or_default());
            }
        }
        _ => {}
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// A schema with all that it points at and chooses from.
fn flat<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let mut all = vec![schema];
    if let Some(path) = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'))
        && let Some(target) = document.pointer(path)
    {
        all.pop();
        all.extend(flat(document, target));
    }
    for word in ["anyOf", "oneOf", "allOf"] {
        let choices = schema[word].as_array().into_iter().flatten();
        let inner: Vec<_> = choices.filter(|one| one["type"] != "null").flat_map(|one| flat(document, one)).collect();
        if !inner.is_empty() && schema.get("properties").is_none() {
            all.retain(|one| !std::ptr::eq(*one, schema));
        }
        all.extend(inner);
    }
    all
}

#[test]
fn schemas_refuse_what_they_should() {
    let document = serde_json::json!({ "schemas": { "Name": { "type": "string" } } });
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": { "$ref": "#/schemas/Name" }, "b": { "type": ["integer", "null"], "minimum": 1 },
            "c": { "type": "array", "items": { "enum": ["x"] } }, "d": { "oneOf": [{ "type": "integer" }, { "type": "number" }] },
        },
    });
    for (text, is_good) in [
        (r#"{"a": "x", "b": 1, "c": ["x"]}"#, true),
        (r#"{"a": "x", "b": null, "c": [], "d": 1.5}"#, true),
        (r#"{"b": 1}"#, false),
        (r#"{"a": 1}"#, false),
        (r#"{"a": "x", "b": 0}"#, false),
        (r#"{"a": "x", "c": ["y"]}"#, false),
        (r#"{"a": "x", "d": 1}"#, false),
        (r#"{"a": "x", "e": 1}"#, false),
        ("[]", false),
    ] {
        let value = serde_json::from_str(text).expect("JSON");
        assert_eq!(
            check(&document, &schema, &value).is_ok(),
            is_good,
            "{text}: {:?}",
            check(&document, &schema, &value)
        );
    }
    assert!(check(&document, &serde_json::json!({ "never": 1 }), &Value::Null).is_err());
    let open = serde_json::json!({ "type": "object", "properties": { "a": { "$ref": "#/schemas/Name" } } });
    assert_eq!(untold(&document, &open, &serde_json::json!({ "a": "x", "b": 1 })), ["b"]);
}
