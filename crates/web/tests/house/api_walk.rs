// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every endpoint of the interface for programs is asked through the real app, and each answer is what the description says; the
//! description is the one that is kept; pages of a walk are the whole.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::Value;
use underpin_office::people::{Grant, Reach, Role};
use underpin_web::api::endpoint::{Endpoint, Gives, Sends};
use underpin_web::api::{BASE, ENDPOINTS, openapi};

use crate::api_asked::{LINES, Line, Who, filled};
use crate::api_schema::{check, untold};
use crate::authorisation::form_token;
use crate::support::{Told, Web};

/// A house with somebody who may do all with content, somebody else who may, too, and somebody who may little.
pub struct Callers {
    pub web: Web,
    pub token: String,
    pub second: String,
    pub cookie: String,
    pub form_token: String,
}

impl Callers {
    pub async fn made() -> Self {
        let web = Web::demo_arranged(crate::publications::published, |web| web).await;
        let operator = crate::publications::by("operator");
        web.house().make_publishing_key(&operator, false).await.expect("a key");
        let everywhere = |role| Grant { role, reach: Reach::Government };
        let all = [Role::Officer, Role::Auditor, Role::Administrator].map(everywhere).to_vec();
        let cookie = web.person_in("first", all.clone(), &["lantern"]).await;
        web.person_in("second", all, &["lantern"]).await;
        web.person("third", vec![everywhere(Role::Reader)]).await;
        let (token, second) = (web.token("first").await, web.token("second").await);
        let form_token = form_token(&web, &cookie).await;
        Self { web, token, second, cookie, form_token }
    }

    /// Asks below the base of the interface.
    pub async fn ask(&self, who: Who, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Told {
        let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
        let mut headers = match who {
            Who::Nobody => Vec::new(),
            Who::Token => vec![bearer(&self.token)],
            Who::Second => vec![bearer(&self.second)],
            Who::Session => vec![("cookie", self.cookie.clone()), ("x-form-token", self.form_token.clone())],
        };
        headers.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.web.call(method, &format!("{BASE}{path}"), &headers, body).await
    }

    /// Asks as a line says.
    pub async fn line(&self, line: &Line, answers: &BTreeMap<&'static str, Value>) -> (Told, String) {
        let (endpoint, path) = (endpoint(line.0), filled(line.2, answers));
        let media = media_of(endpoint).map(|media| ("content-type", media));
        let told = self.ask(line.1, endpoint.method.as_str(), &path, media.as_slice(), &filled(line.3, answers)).await;
        (told, path)
    }
}

/// The media type that an endpoint takes.
pub fn media_of(endpoint: &Endpoint) -> Option<&'static str> {
    match endpoint.sends {
        Sends::Nothing => None,
        Sends::Json(_) => Some("application/json"),
        Sends::Bytes => Some("application/octet-stream"),
    }
}

/// The endpoint with this name.
pub fn endpoint(name: &str) -> &'static Endpoint {
    ENDPOINTS.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("there is no endpoint {name}"))
}

/// Checks an answer against what the description says of it.
pub fn described(document: &Value, endpoint: &Endpoint, told: &Told) -> Result<(), String> {
    let at = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let operation = format!("/paths/{}/{}", at(endpoint.path), endpoint.method.as_str().to_lowercase());
    let status = format!("{operation}/responses/{}", told.status.as_u16());
    let response = document.pointer(&status).ok_or_else(|| format!("status {} is not described", told.status))?;
    let target = response["$ref"].as_str().and_then(|path| document.pointer(path.strip_prefix('#')?));
    let response = target.unwrap_or(response);
    let media = told.header("content-type");
    let content = response.get("content").and_then(Value::as_object).filter(|content| !content.is_empty());
    let Some(content) = content else {
        return if told.text.is_empty() { Ok(()) } else { Err(format!("a body is not described: {}", told.text)) };
    };
    let schema = content.get(media).ok_or_else(|| format!("{media:?} is not described"))?;
    if media == "application/octet-stream" {
        return Ok(());
    }
    let value = told.json();
    check(document, &schema["schema"], &value)?;
    match untold(document, &schema["schema"], &value).as_slice() {
        [] => Ok(()),
        fields => Err(format!("fields that are not described: {fields:?}")),
    }
}

#[tokio::test]
async fn every_endpoint_answers_as_it_is_described() {
    let callers = Callers::made().await;
    let document = openapi::document();
    let (mut answers, mut faults, mut asked) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for line in LINES {
        let endpoint = endpoint(line.0);
        let (told, path) = callers.line(line, &answers).await;
        asked.insert(line.0);
        let mut fault = |text: String| faults.push(format!("{} {path}: {text}", endpoint.method));
        if told.status != endpoint.status {
            fault(format!("{} instead of {}: {}", told.status, endpoint.status, told.text));
            continue;
        }
        if let Err(text) = described(&document, endpoint, &told) {
            fault(text);
        }
        if matches!(endpoint.gives, Gives::Json(_)) {
            answers.insert(line.0, told.json());
        }
        if !endpoint.is_safe() {
            continue;
        }
        // Who reads the notes of reading is noted: the next answer is another one.
        if line.0 == "reads" {
            continue;
        }
        // What one has already is not sent again, and looking at the head alone tells the same.
        let tag = told.header("etag").to_owned();
        let again = callers.ask(line.1, "GET", &path, &[("if-none-match", &tag)], "").await;
        if (again.status, again.text.as_str()) != (StatusCode::NOT_MODIFIED, "") || tag.is_empty() {
            fault(format!("with its own tag {tag:?} it is {} {}", again.status, again.header("etag")));
        }
        let head = callers.ask(line.1, "HEAD", &path, &[], "").await;
        if (head.status, head.text.as_str(), head.header("etag")) != (told.status, "", tag.as_str()) {
            fault(format!("HEAD says {} {}", head.status, head.header("etag")));
        }
    }
    let missing: Vec<_> = ENDPOINTS.iter().filter(|one| !asked.contains(one.name)).map(|one| one.name).collect();
    assert!(missing.is_empty(), "say in api_asked.rs how these are asked: {missing:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn pages_of_a_walk_are_the_whole() {
    let callers = Callers::made().await;
    let mut answers = BTreeMap::new();
    let mut walked = BTreeSet::new();
    for line in LINES {
        let (told, path) = callers.line(line, &answers).await;
        if matches!(endpoint(line.0).gives, Gives::Json(_)) && told.status.is_success() {
            answers.insert(line.0, told.json());
        }
        if !endpoint(line.0).is_paged {
            continue;
        }
        walked.insert(line.0);
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = async |limit: u64, cursor: &str| {
            let cursor = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            let told = callers.ask(line.1, "GET", &format!("{path}{sign}limit={limit}{cursor}"), &[], "").await;
            assert_eq!(told.status, StatusCode::OK, "{path}: {}", told.text);
            told.json()
        };
        let mut whole = page(1000, "").await;
        let total = whole["page"]["total"]["exact"].as_u64().expect("a number");
        let mut rows: Vec<Value> = whole["rows"].as_array().expect("rows").clone();
        let rest = whole["page"]["next"].as_str().map(str::to_owned);
        if let Some(rest) = rest {
            whole = page(1000, &rest).await;
            rows.extend(whole["rows"].as_array().expect("rows").iter().cloned());
        }
        let limit = (total / 4).clamp(1, 700);
        let (mut given, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let part = page(limit, &cursor).await;
            assert_eq!(part["page"]["total"]["exact"].as_u64(), Some(total), "{path}");
            given.extend(part["rows"].as_array().expect("rows").iter().cloned());
            pages += 1;
            match part["page"]["next"].as_str() {
                Some(next) if pages < 50 => next.clone_into(&mut cursor),
                _ => break,
            }
        }
        assert_eq!(given.len() as u64, total, "{path}");
        assert!(given[..rows.len()] == rows[..], "{path}: pages and the whole say the same rows in the same order");
    }
    let missing: Vec<_> = ENDPOINTS.iter().filter(|one| one.is_paged && !walked.contains(one.name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn names_are_given_once() {
    let mut names = BTreeSet::new();
    let mut places = BTreeSet::new();
    for one in ENDPOINTS.iter() {
        assert!(names.insert(one.name), "{} is named twice", one.name);
        assert!(places.insert((one.method.as_str(), one.path)), "{one:?} is there twice");
    }
    let document = openapi::document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let doubled: Vec<_> =
        schemas.keys().filter(|name| name.ends_with(|letter: char| letter.is_ascii_digit())).collect();
    assert!(doubled.is_empty(), "two types have one name; give one of them another: {doubled:?}");
    let text = document.to_string();
    let unused: Vec<_> = schemas.keys().filter(|name| !text.contains(&format!("schemas/{name}\""))).collect();
    assert!(unused.is_empty(), "nothing points at {unused:?}");
    assert!(!text.contains("/components/sent"), "every schema is found");
}

#[test]
fn the_description_is_the_one_that_is_kept() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let text = openapi::text();
    if std::env::var_os("UNDERPIN_UPDATE").is_some() {
        std::fs::write(path, &text).expect("written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == text,
        "the interface for programs changed: look at the difference, then run the test with UNDERPIN_UPDATE=1"
    );
}
