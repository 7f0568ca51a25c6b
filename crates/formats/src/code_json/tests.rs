// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file that keeps the schema, faults in it, and the table held against the published schema.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::declarations::schema::{Field, Need, Shape};

const GOOD: &str = "{\t\"name\": \"portal\", \"description\": \"A portal\", \"status\": \"Production\",
 \"permissions\": {\"licenses\": [{\"name\": \"MIT\", \"URL\": \"https://example.gov/LICENSE\"}], \"usageType\": [\"openSource\"], \"exemptionText\": null},
 \"organization\": \"Office\", \"repositoryURL\": \"https://example.gov/portal\", \"repositoryVisibility\": \"public\",
 \"vcs\": \"git\", \"laborHours\": 12.5, \"reuseFrequency\": {\"forks\": 3, \"stars\": 4}, \"languages\": [],
 \"maintenance\": \"internal\", \"contractNumber\": [\"1\"], \"SBOM\": \"\", \"date\": {\"created\": \"2026-01-01T00:00:00Z\"},
 \"tags\": [\"a\"], \"contact\": {\"email\": \"office@example.gov\"}, \"feedbackMechanism\": \"https://example.gov/talk\",
 \"AIUseCaseID\": \"0\", \"ownKey\": 1}";

fn read(text: &str) -> Vec<(FaultCode, u32, String)> {
    let found = inspect("code.json", text.as_bytes());
    found.faults.into_iter().map(|fault| (fault.code, fault.line.expect("a line"), fault.detail)).collect()
}

#[test]
fn a_good_file_has_no_fault_and_bad_ones_have_theirs() {
    assert_eq!(read(GOOD), []);
    for (old, new, expected) in [
        ("12.5", "-1", (FaultCode::WrongType, 4, "laborHours")),
        ("12.5", "\"12\"", (FaultCode::WrongType, 4, "laborHours")),
        ("\"forks\": 3", "\"forks\": 3.5", (FaultCode::WrongType, 4, "reuseFrequency.forks")),
        ("\"SBOM\": \"\"", "\"SBOM\": 1", (FaultCode::WrongType, 5, "SBOM")),
        ("openSource", "secret", (FaultCode::NotOneOf, 2, "permissions.usageType[0]")),
        ("\"vcs\"", "\"VCS\"", (FaultCode::Missing, 1, "vcs")),
        ("2026-01-01T00", "2026-13-01T00", (FaultCode::NoMoment, 5, "date.created")),
        ("\"contact\": {", "\"contact\": {\"phone\": \"1\", ", (FaultCode::UnknownKey, 6, "contact.phone")),
        ("\"name\": \"portal\",", "\"name\": \"portal\"", (FaultCode::MalformedJson, 1, "")),
        ("\"languages\": []", "\"languages\": [null]", (FaultCode::WrongType, 4, "languages[0]")),
        ("[\"1\"]", "[\"1\", \"1\"]", (FaultCode::Twice, 5, "contractNumber[1]")),
        ("[\"1\"]", "[null]", (FaultCode::WrongType, 5, "contractNumber[0]")),
        ("[\"openSource\"]", "[null]", (FaultCode::WrongType, 2, "permissions.usageType[0]")),
        ("office@example.gov", "", (FaultCode::NoMailAddress, 6, "contact.email")),
        ("https://example.gov/talk", "https://example.gov/ä", (FaultCode::NoAddress, 6, "feedbackMechanism")),
        ("\"ownKey\": 1", "\"relatedCode\": [null]", (FaultCode::WrongType, 7, "relatedCode[0]")),
    ] {
        let found = read(&GOOD.replace(old, new));
        let found: Vec<_> = found.iter().map(|(code, line, key)| (*code, *line, key.as_str())).collect();
        assert_eq!(found, [expected], "{new}");
    }
}

#[test]
fn the_table_names_the_keys_of_the_published_schema() {
    let Some(exam) = underpin_testkit::exam("gov-codejson") else { return };
    let text = std::fs::read_to_string(exam.join("schemas/schema-2.0.0.json")).expect("the schema");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    same(&schema, schema::DOCUMENT, true, "document");
}

/// A table and a part of a JSON schema name the same keys, and need the same.
fn same(schema: &serde_json::Value, fields: &[Field], is_open: bool, path: &str) {
    let names: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
    let properties = schema["properties"].as_object().expect("properties");
    assert_eq!(names, properties.keys().map(String::as_str).collect(), "{path}");
    let needed: BTreeSet<&str> =
        fields.iter().filter(|field| field.need == Need::Must).map(|field| field.name).collect();
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(needed, required.iter().filter_map(serde_json::Value::as_str).collect(), "{path}");
    assert_eq!(is_open, schema["additionalProperties"] != false, "{path}");
    for field in fields {
        let (part, path) = (&properties[field.name], format!("{path}.{}", field.name));
        match field.shape {
            Shape::Map(inner) => same(part, inner, false, &path),
            Shape::OpenMap(inner) => same(part, inner, true, &path),
            Shape::List(Shape::Map(inner)) => same(&part["items"], inner, false, &path),
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn hostile_texts_never_break_the_reader(text in "[\\[\\]{}\",:0-9a-z\\\\\\t\\n]{0,60}") {
        inspect("code.json", text.as_bytes());
    }
}
