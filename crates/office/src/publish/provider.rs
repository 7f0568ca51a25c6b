// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The documents that make a CSAF trusted provider: what it says about itself, its lists, and its address in security.txt.
//!
//! Source: CSAF 2.0, section 7 (requirements 1 to 20); RFC 8322 (ROLIE); RFC 9116 (security.txt). No date in them is that of the moment in
//! which they are made: all follow from what was released.

use serde_json::{Value, json};
use underpin_model::Timestamp;

use super::content::{FileForm, PublishedContent, PublishedFile};
use super::keys::KeyRow;
use super::settings::{PublishSettings, SecurityText};

/// Folder of the provider.
pub(super) const PROVIDER: &str = ".well-known/csaf";
/// Folder of documents that everybody may read.
pub(super) const WHITE: &str = ".well-known/csaf/white";
/// The feed of them.
pub(super) const FEED: &str = "csaf-feed-tlp-white.json";
/// Their categories.
pub(super) const CATEGORIES: &str = "category-white.json";
const INFORMATION: &str = "urn:ietf:params:rolie:category:information-type";

/// A document of the provider.
pub(super) struct Listed<'s> {
    pub name: &'s str,
    pub file: &'s PublishedFile,
    pub published: &'s PublishedContent,
    category: String,
}

impl<'s> Listed<'s> {
    pub fn of(name: &'s str, published: &'s PublishedContent) -> Option<Self> {
        let file = published.content.file(FileForm::Csaf)?;
        let text: Value = serde_json::from_str(&file.text).ok()?;
        let category = text["document"]["category"].as_str().unwrap_or_default().to_owned();
        Some(Self { name, file, published, category })
    }

    /// Its path below the folder of documents: a folder a year, by the first release (7.1.11).
    pub fn path(&self) -> String {
        format!("{}/{}", self.published.year(), self.file.name)
    }
}

/// The newest date of anything here.
pub(super) fn newest(documents: &[Listed<'_>], keys: &[KeyRow]) -> Timestamp {
    let released = documents.iter().map(|one| one.published.released);
    released.chain(keys.iter().map(|key| key.revoked.unwrap_or(key.since))).max().unwrap_or_default()
}

/// `provider-metadata.json` (7.1.7). A revoked key is listed while something is signed with it.
pub(super) fn metadata(settings: &PublishSettings, publisher: &Value, keys: &[KeyRow], updated: Timestamp) -> Value {
    let of = |path: &str| format!("{}/{path}", settings.base());
    let keys: Vec<Value> =
        keys.iter().map(|key| json!({ "fingerprint": key.fingerprint, "url": of(&key_path(key)) })).collect();
    json!({
        "canonical_url": of(&format!("{PROVIDER}/provider-metadata.json")),
        "distributions": [{
            "directory_url": of(&format!("{WHITE}/")),
            "rolie": {
                "categories": [of(&format!("{WHITE}/{CATEGORIES}"))],
                "feeds": [{ "summary": "All documents that are TLP:WHITE.", "tlp_label": "WHITE", "url": of(&format!("{WHITE}/{FEED}")) }],
                "services": [of(&format!("{PROVIDER}/service.json"))],
            },
        }],
        "last_updated": updated.to_string(),
        "list_on_CSAF_aggregators": settings.listed,
        "metadata_version": "2.0",
        "mirror_on_CSAF_aggregators": settings.mirrored,
        "public_openpgp_keys": keys,
        "publisher": publisher,
        "role": "csaf_trusted_provider",
    })
}

/// Where a public key lies (7.1.20).
pub(super) fn key_path(key: &KeyRow) -> String {
    format!("{PROVIDER}/openpgp/{}.asc", key.fingerprint)
}

/// `index.txt`: every document, a path a line (7.1.12).
pub(super) fn index(documents: &[Listed<'_>]) -> String {
    let mut paths: Vec<String> = documents.iter().map(|one| format!("{}\n", one.path())).collect();
    paths.sort_unstable();
    paths.concat()
}

/// `changes.csv`: path and date of each, the newest first (7.1.13).
pub(super) fn changes(documents: &[Listed<'_>]) -> String {
    let mut lines: Vec<(Timestamp, String)> =
        documents.iter().map(|one| (one.published.released, one.path())).collect();
    lines.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    lines.into_iter().map(|(at, path)| format!("\"{path}\",\"{at}\"\n")).collect()
}

/// The ROLIE feed (7.1.15): everything in one page.
pub(super) fn feed(settings: &PublishSettings, documents: &[Listed<'_>], updated: Timestamp) -> Value {
    let of = |path: &str| format!("{}/{path}", settings.base());
    let entry = |one: &Listed<'_>| {
        let address = of(&format!("{WHITE}/{}", one.path()));
        json!({
            "id": one.name,
            "title": one.published.content.title,
            "category": [{ "scheme": INFORMATION, "term": "csaf" }, { "term": one.category }],
            "link": [
                { "rel": "self", "href": address },
                { "rel": "hash", "href": format!("{address}.sha256") },
                { "rel": "hash", "href": format!("{address}.sha512") },
                { "rel": "signature", "href": format!("{address}.asc") },
            ],
            "published": one.published.first.to_string(),
            "updated": one.published.released.to_string(),
            "summary": { "content": summary(one) },
            "content": { "type": "application/json", "src": address },
            "format": { "schema": "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json", "version": "2.0" },
        })
    };
    let mut sorted: Vec<&Listed<'_>> = documents.iter().collect();
    sorted.sort_unstable_by(|a, b| b.published.released.cmp(&a.published.released).then_with(|| a.name.cmp(b.name)));
    json!({ "feed": {
        "id": "csaf-feed-tlp-white",
        "title": "CSAF documents (TLP:WHITE)",
        "link": [
            { "rel": "self", "href": of(&format!("{WHITE}/{FEED}")) },
            { "rel": "service", "href": of(&format!("{PROVIDER}/service.json")) },
        ],
        "category": [{ "scheme": INFORMATION, "term": "csaf" }],
        "updated": updated.to_string(),
        "entry": sorted.into_iter().map(entry).collect::<Vec<Value>>(),
    }})
}

fn summary(one: &Listed<'_>) -> String {
    let said = one.published.content.summary.trim();
    if said.is_empty() { one.published.content.title.clone() } else { said.to_owned() }
}

/// The ROLIE service document (7.1.16).
pub(super) fn service(settings: &PublishSettings) -> Value {
    json!({ "service": { "workspace": [{
        "title": "CSAF documents",
        "collection": [{
            "title": "CSAF documents (TLP:WHITE)",
            "href": format!("{}/{WHITE}/{FEED}", settings.base()),
            "categories": { "category": [{ "scheme": INFORMATION, "term": "csaf" }] },
        }],
    }]}})
}

/// The ROLIE category document (7.1.17): which kinds of documents there are.
pub(super) fn categories(documents: &[Listed<'_>]) -> Value {
    let mut terms: Vec<&str> = documents.iter().map(|one| one.category.as_str()).collect();
    terms.sort_unstable();
    terms.dedup();
    let terms: Vec<Value> = terms.into_iter().map(|term| json!({ "term": term })).collect();
    json!({ "categories": { "category": terms } })
}

/// The `security.txt` (7.1.8).
pub(super) fn security_txt(settings: &PublishSettings, security: &SecurityText, has_provider: bool) -> String {
    let of = |path: &str| format!("{}/{path}", settings.base());
    let mut text = String::new();
    let mut line = |name: &str, value: &str| text.push_str(&format!("{name}: {value}\n"));
    for contact in &security.contact {
        line("Contact", contact);
    }
    line("Expires", &security.expires.to_string());
    line("Canonical", &of(".well-known/security.txt"));
    for (name, value) in [("Encryption", &security.encryption), ("Policy", &security.policy)] {
        if let Some(value) = value {
            line(name, value);
        }
    }
    if !security.languages.is_empty() {
        line("Preferred-Languages", &security.languages.join(", "));
    }
    if has_provider {
        line("CSAF", &of(&format!("{PROVIDER}/provider-metadata.json")));
    }
    text
}
