// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is noted of reading, in one table, and what every file that leaves the house says about itself.
//!
//! Noted is what shows much at once or what few may see: whole lists, questions in SQL, documents, the trail, and what carries a mark.
//! A single page about a system is not: nobody needs to know who looked at it, and nobody should.

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use underpin_model::COLLECTION_NOTE;
use underpin_office::reads::ReadNote;

use crate::house::WebHouse;
use crate::pages::Answer;
use crate::visitor::{Visitor, pairs};

/// The header of a file that leaves the house.
const COLLECTION: HeaderName = HeaderName::from_static("x-underpin-collection");
/// What stands in the name of such a file, before its ending.
const IN_FILE_NAME: &str = "-mark-as-collection";

/// Kinds of reading that are noted: word, method, route, and what must stand in the query; an empty text for nothing.
const NOTED: &[(&str, &str, &str, &str)] = &[
    ("sql", "GET", "/sql", "q"),
    ("sql", "POST", "/sql", ""),
    ("sql", "POST", "/api/office/v1/sql", ""),
    ("ranking", "GET", "/projects", ""),
    ("ranking", "GET", "/projects/map", ""),
    ("ranking", "GET", "/projects/{*project}", ""),
    ("ranking", "GET", "/plan", ""),
    ("ranking", "GET", "/plan/brief", ""),
    ("ranking", "GET", "/commitments", ""),
    ("ranking", "GET", "/funding", ""),
    ("contact", "GET", "/engagements", ""),
    ("contact", "GET", "/engagements/{id}", ""),
    ("contact", "GET", "/engagements/requests/{id}", ""),
    ("contact", "GET", "/engagements/requests/{id}/mail", ""),
    ("contact", "GET", "/disclosures", ""),
    ("contact", "GET", "/disclosures/{id}", ""),
    ("trail", "GET", "/audit", ""),
    ("reads", "GET", "/audit/reads", ""),
    ("document", "GET", "/documents/{id}", ""),
    ("document", "GET", "/documents/{id}/original", ""),
    ("document", "GET", "/documents/{id}/conformity", ""),
    ("export", "GET", "/decisions/vex", ""),
    ("export", "GET", "/incidents/{id}/situation", "format"),
    // Any list and any page, as a file.
    ("export", "GET", "", "format"),
];
/// Programs read lists: everything below is noted, but for asking how far an upload is.
const PROGRAMS: &str = "/api/";
const PROGRESS: &str = "/token/";
/// An original, as programs read it.
const ORIGINAL: &str = "/documents/{document}/original";

/// How many rows an answer gives; put on the answer by what writes them.
#[derive(Clone, Copy, Debug)]
pub struct Given(pub u64);

/// That an answer shows what its address does not tell: something that carries a mark (a word of its own), or findings of what was
/// handed in. Put on the answer by what makes it, which alone knows.
#[derive(Clone, Debug)]
pub struct Marked {
    /// `advisory`, `incident` or `program`.
    pub kind: &'static str,
    /// Which one, as in the audit chain.
    pub subject: String,
}

/// An answer that shows what carries a mark, if it does.
pub fn marked(answer: Answer, mark: Option<Marked>) -> Answer {
    let mut response = answer?;
    if let Some(mark) = mark {
        response.extensions_mut().insert(mark);
    }
    Ok(response)
}

/// Who asks with a token; filled in by what looks at the token.
#[derive(Clone, Debug, Default)]
pub struct AskedBy(pub Arc<OnceLock<String>>);

/// Notes what was read, and says of files what they are.
pub async fn note(State(house): State<Arc<WebHouse>>, visitor: Visitor, mut request: Request, next: Next) -> Response {
    let by = AskedBy::default();
    request.extensions_mut().insert(by.clone());
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let mut response = next.run(request).await;
    let marked = response.extensions().get::<Marked>().cloned();
    // What is marked was shown, whatever the status says to a build.
    if response.status() != StatusCode::OK && marked.is_none() {
        return response;
    }
    let actor = visitor.signed.as_ref().map(|signed| signed.person.login.clone()).or_else(|| by.0.get().cloned());
    let Some(actor) = actor else { return response };
    say_collection(&mut response);
    let query = pairs(&visitor.uri);
    let noted = match marked {
        Some(marked) => Some((marked.kind, marked.subject)),
        None => kind(&method, &route, &query).map(|kind| (kind, subject(kind, &route, visitor.uri.path(), &query))),
    };
    if let Some((kind, subject)) = noted {
        let rows = response.extensions().get::<Given>().map_or(0, |given| given.0);
        let note = ReadNote { at: house.wall_clock(), actor, kind: kind.to_owned(), subject, rows };
        if house.house.note_read(note) {
            // Held on when it cannot be written: then the next one tries again.
            let _ = house.house.write_reads().await;
        }
    }
    response
}

/// The kind of reading that a request is, if it is noted.
fn kind(method: &str, route: &str, query: &[(String, String)]) -> Option<&'static str> {
    let asks = |name: &str| query.iter().any(|(own, value)| own == name && !value.is_empty() && value != "html");
    if method == "GET" && route.starts_with(PROGRAMS) {
        let kind = if route.ends_with(ORIGINAL) { "document" } else { "program" };
        return (!route.contains(PROGRESS)).then_some(kind);
    }
    let found = NOTED.iter().find(|(_, of, path, name)| {
        *of == method && (path.is_empty() || *path == route) && (name.is_empty() || asks(name))
    });
    found.map(|(kind, ..)| *kind)
}

/// What was read, so that auditors of a place find what is about it: the thing that the address is about, or that its query names.
fn subject(kind: &str, route: &str, path: &str, query: &[(String, String)]) -> String {
    // Programs name things as pages do, below an address of their own.
    let route = route.strip_prefix(crate::api::BASE).unwrap_or(route);
    let whole = path;
    let path = path.strip_prefix(crate::api::BASE).unwrap_or(path);
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let of = ["/documents/", "/systems/", "/agencies/", "/vulnerabilities/", "/incidents/"];
    let is_thing = route.contains('{') && of.iter().any(|start| route.starts_with(start));
    if is_thing {
        let parts: Vec<&str> = path.split('/').collect();
        let word = match parts.get(1).copied().unwrap_or_default() {
            "documents" => "document",
            "systems" => "system",
            "agencies" => "agency",
            "vulnerabilities" => "vulnerability",
            _ => "incident",
        };
        return format!("{word} {}", parts.get(2).copied().unwrap_or_default());
    }
    let named = |name: &str| query.iter().find(|(own, value)| own == name && !value.is_empty());
    match (named("system"), named("agency")) {
        (Some((_, id)), _) => format!("system {id}"),
        (None, Some((_, id))) => format!("agency {id}"),
        (None, None) if kind == "program" => format!("list {}", whole.trim_start_matches(PROGRAMS)),
        (None, None) => format!("list {last}"),
    }
}

/// Says of a file that the collection as a whole may be classified above its parts: in a header, and in its name.
fn say_collection(response: &mut Response) {
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_page = kind.is_empty() || kind.starts_with("text/html");
    if is_page {
        return;
    }
    headers.insert(COLLECTION, HeaderValue::from_static(COLLECTION_NOTE));
    let named = headers.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok()).and_then(renamed);
    if let Some(name) = named.and_then(|name| HeaderValue::from_str(&name).ok()) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
}

/// A file's name with the mark before its ending.
fn renamed(disposition: &str) -> Option<String> {
    let (before, rest) = disposition.split_once("filename=\"")?;
    let (name, after) = rest.split_once('"')?;
    let (stem, ending) = name.rsplit_once('.')?;
    Some(format!("{before}filename=\"{stem}{IN_FILE_NAME}.{ending}\"{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Vec<(String, String)> {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn what_is_noted_and_what_is_not() {
        for (method, route, path, asked, expected) in [
            ("GET", "/findings", "/findings", "", None),
            ("GET", "/findings", "/findings", "format=html", None),
            ("GET", "/findings", "/findings", "format=csv", Some(("export", "list findings"))),
            ("GET", "/findings", "/findings", "format=csv&system=portal", Some(("export", "system portal"))),
            ("GET", "/findings", "/findings", "format=csv&agency=tax&system=", Some(("export", "agency tax"))),
            ("GET", "/systems/{id}", "/systems/portal", "", None),
            ("GET", "/systems/{id}", "/systems/portal", "format=json", Some(("export", "system portal"))),
            ("GET", "/agencies/{id}", "/agencies/tax", "format=json", Some(("export", "agency tax"))),
            ("GET", "/documents/{id}", "/documents/D7", "", Some(("document", "document D7"))),
            ("GET", "/documents/hand-in", "/documents/hand-in", "", None),
            ("GET", "/incidents/{id}/situation", "/incidents/I4/situation", "", None),
            (
                "GET",
                "/incidents/{id}/situation",
                "/incidents/I4/situation",
                "format=pdf",
                Some(("export", "incident I4")),
            ),
            ("GET", "/sql", "/sql", "", None),
            ("GET", "/sql", "/sql", "q=SELECT+1", Some(("sql", "list sql"))),
            ("POST", "/sql", "/sql", "", Some(("sql", "list sql"))),
            ("POST", "/api/office/v1/sql", "/api/office/v1/sql", "", Some(("sql", "list sql"))),
            ("POST", "/api/office/v1/agencies", "/api/office/v1/agencies", "", None),
            ("GET", "/projects", "/projects", "", Some(("ranking", "list projects"))),
            ("GET", "/audit", "/audit", "", Some(("trail", "list audit"))),
            ("GET", "/audit/reads", "/audit/reads", "", Some(("reads", "list reads"))),
            (
                "GET",
                "/api/office/v1/findings",
                "/api/office/v1/findings",
                "",
                Some(("program", "list office/v1/findings")),
            ),
            (
                "GET",
                "/api/office/v1/documents/{document}/original",
                "/api/office/v1/documents/D7/original",
                "",
                Some(("document", "document D7")),
            ),
            ("GET", "/api/office/v1/systems/{system}", "/api/office/v1/systems/a", "", Some(("program", "system a"))),
            ("GET", "/api/v1/bom/token/{uuid}", "/api/v1/bom/token/0", "", None),
            ("POST", "/findings/decide", "/findings/decide", "", None),
        ] {
            let asked = query(asked);
            let found = kind(method, route, &asked).map(|kind| (kind, subject(kind, route, path, &asked)));
            assert_eq!(
                found.as_ref().map(|(kind, subject)| (*kind, subject.as_str())),
                expected,
                "{method} {path} {asked:?}"
            );
        }
    }

    #[test]
    fn files_say_in_their_name_what_they_are() {
        assert_eq!(
            renamed("attachment; filename=\"findings.csv\"").as_deref(),
            Some("attachment; filename=\"findings-mark-as-collection.csv\"")
        );
        assert_eq!(renamed("attachment"), None);
    }
}
