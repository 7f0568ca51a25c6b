// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All that everybody may fetch, as files: served by the web house, or written into a folder. Both are the same bytes.
//!
//! It is cut out of the register in one place, from what was approved and is TLP:CLEAR; nothing else leaves a trace in it: no list, no
//! count, no date, no tag.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use underpin_formats::csaf;
use underpin_model::publications::PublicationKind;
use underpin_model::{Timestamp, Viewer};

use super::addresses::{self, Found, Placed};
use super::content::{FileForm, PublishedContent, PublishedFile};
use super::keys::KeyRow;
use super::provider::{self, CATEGORIES, FEED, Listed, PROVIDER, WHITE};
use super::security_text::SignedText;
use super::settings::PublishSettings;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What a server says it is.
    pub media_type: &'static str,
    /// SHA-256 of the bytes, in hexadecimal.
    pub digest: String,
    /// Until when it is served; for ever where nothing is said.
    pub until: Option<Timestamp>,
}

/// A publication, for the public page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRow {
    /// `csaf` or `sbom`.
    pub kind: PublicationKind,
    /// Name: the tracking identifier.
    pub name: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: u64,
    /// What is new in it.
    pub summary: String,
    /// Whether this version takes the earlier ones back.
    pub withdrawn: bool,
    /// When the first version was released.
    pub first: Timestamp,
    /// When this version was released.
    pub released: Timestamp,
    /// Its files: form, path from the root of the house, SHA-256.
    pub files: Vec<(FileForm, String, String)>,
}

/// The whole site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Files by path, without a slash at the beginning. A folder's list is its `index.html`.
    pub files: BTreeMap<String, SiteFile>,
    /// What is published, the newest first.
    pub rows: Vec<PublicRow>,
    /// Public keys.
    pub keys: Vec<KeyRow>,
    /// The licence of all of it.
    pub licence: String,
    /// Name of the publisher.
    pub publisher: String,
    /// The address of the house.
    pub address: String,
}

/// Where security.txt lies (RFC 9116, 3).
pub(super) const SECURITY: &str = ".well-known/security.txt";

/// The site as it was made last, with the revision that it holds from.
pub(crate) type KeptSite = std::sync::Mutex<Option<(i64, Arc<Site>)>>;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl SiteFile {
    fn is_served(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl Site {
    fn add(&mut self, path: impl Into<String>, media_type: &'static str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        let digest = hexadecimal(&Sha256::digest(&bytes));
        self.files.insert(path.into(), SiteFile { bytes, media_type, digest, until: None });
    }

    fn add_json(&mut self, path: impl Into<String>, value: &Value) {
        self.add(path, "application/json", csaf::text(value));
    }

    /// A document with its digests and its signature (7.1.18, 7.1.19). Gives its own digest.
    fn add_signed(&mut self, path: &str, file: &PublishedFile) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        let media_type = match name.rsplit('.').next() {
            Some("json") => "application/json",
            Some("xml") => "application/xml",
            _ => "text/plain; charset=utf-8",
        };
        let bytes = file.text.as_bytes();
        let digest = hexadecimal(&Sha256::digest(bytes));
        self.add(path, media_type, bytes);
        for (ending, digest) in [("sha256", digest.clone()), ("sha512", hexadecimal(&Sha512::digest(bytes)))] {
            self.add(format!("{path}.{ending}"), "text/plain; charset=utf-8", format!("{digest}  {name}\n"));
        }
        self.add(format!("{path}.asc"), "application/pgp-signature", file.signature.as_bytes());
        digest
    }

    /// The file at a path as a browser asks for it: a folder is asked for with a slash at its end. What has ended is not there.
    pub fn find(&self, path: &str, now: Timestamp) -> Option<&SiteFile> {
        let path = path.trim_start_matches('/');
        let found = match path.ends_with('/') {
            true => self.files.get(&format!("{path}index.html")),
            false => self.files.get(path),
        };
        found.filter(|file| file.is_served(now))
    }

    /// Lists of the folders of documents (7.1.14): nothing but names.
    fn add_listings(&mut self) {
        let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        folders.entry(WHITE.to_owned()).or_default();
        for path in self.files.keys().filter(|path| path.starts_with(WHITE)) {
            let mut rest = path.as_str();
            while let Some((folder, name)) = rest.rsplit_once('/').filter(|_| rest.len() > WHITE.len()) {
                let is_file = rest.len() == path.len();
                let name = if is_file { name.to_owned() } else { format!("{name}/") };
                let names = folders.entry(folder.to_owned()).or_default();
                if !names.contains(&name) {
                    names.push(name);
                }
                rest = folder;
            }
        }
        folders.retain(|folder, _| folder.starts_with(WHITE));
        for (folder, mut names) in folders {
            names.sort_unstable();
            let shown = folder.trim_start_matches(PROVIDER).trim_start_matches('/');
            let lines: String = names.iter().map(|name| format!("<li><a href=\"{name}\">{name}</a></li>\n")).collect();
            let page = format!(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{shown}/</title></head>\n<body>\n<h1>{shown}/</h1>\n<ul>\n{lines}</ul>\n</body>\n</html>\n"
            );
            self.add(format!("{folder}/index.html"), "text/html; charset=utf-8", page);
        }
    }
}

/// Makes the site from what everybody may read.
fn built(
    settings: &PublishSettings,
    found: &[Found],
    (keys, signed): (Vec<KeyRow>, Option<&SignedText>),
) -> Result<Site> {
    let publisher = settings.publisher()?;
    let mut site = Site {
        licence: settings.licence.clone(),
        publisher: publisher.name.clone(),
        address: settings.base().to_owned(),
        ..Site::default()
    };
    let documents: Vec<Listed<'_>> = found.iter().filter_map(|(_, name, one)| Listed::of(name, one)).collect();
    for one in &documents {
        site.add_signed(&format!("{WHITE}/{}", one.path()), one.file);
    }
    if !keys.is_empty() {
        let updated = provider::newest(&documents, &keys);
        let mut told =
            json!({ "category": publisher.category, "name": publisher.name, "namespace": publisher.namespace });
        for (key, text) in [("contact_details", &publisher.contact), ("issuing_authority", &publisher.authority)] {
            if !text.is_empty() {
                told[key] = text.as_str().into();
            }
        }
        site.add_json(
            format!("{PROVIDER}/provider-metadata.json"),
            &provider::metadata(settings, &told, &listed(&keys, found), updated),
        );
        site.add_json(format!("{PROVIDER}/service.json"), &provider::service(settings));
        site.add_json(format!("{WHITE}/{FEED}"), &provider::feed(settings, &documents, updated));
        site.add_json(format!("{WHITE}/{CATEGORIES}"), &provider::categories(&documents));
        site.add(format!("{WHITE}/index.txt"), "text/plain; charset=utf-8", provider::index(&documents));
        site.add(format!("{WHITE}/changes.csv"), "text/csv; charset=utf-8", provider::changes(&documents));
        for key in &keys {
            site.add(provider::key_path(key), "application/pgp-keys", key.armoured.as_bytes());
        }
        site.add_listings();
    }
    let placed = addresses::placed(found);
    let paths: Vec<String> = placed.iter().map(|one| format!("{}/{}", folder(one.file.form), one.name)).collect();
    let digests: Vec<String> = placed.iter().zip(&paths).map(|(one, path)| site.add_signed(path, one.file)).collect();
    for (number, publication) in found.iter().enumerate() {
        let of_it = placed.iter().zip(paths.iter().zip(&digests)).filter(|(one, _)| one.shared_by.contains(&number));
        let files = of_it.map(|(one, (path, digest))| (one.file.form, format!("/{path}"), digest.clone())).collect();
        add_row(&mut site, publication, files);
    }
    add_lists(&mut site, &placed, &paths);
    if let Some(security) = &settings.security_txt {
        let text = provider::security_txt(settings, security, !keys.is_empty());
        let text = signed.filter(|signed| signed.holds(&text, &keys)).map_or(text, |signed| signed.signed.clone());
        site.add(SECURITY, "text/plain; charset=utf-8", text);
        // What is past its end is not to be used (RFC 9116, 2.5.5): nobody is sent to an address that nobody reads any more.
        site.files.get_mut(SECURITY).into_iter().for_each(|file| file.until = Some(security.expires));
    }
    site.rows.sort_by(|a, b| b.released.cmp(&a.released).then_with(|| a.name.cmp(&b.name)));
    site.keys = keys;
    Ok(site)
}

/// The keys that the provider lists: those that are not revoked, and those that something here is signed with still.
fn listed(keys: &[KeyRow], found: &[Found]) -> Vec<KeyRow> {
    let signs = |key: &KeyRow| found.iter().any(|(.., one)| one.fingerprint.eq_ignore_ascii_case(&key.fingerprint));
    keys.iter().filter(|key| key.revoked.is_none() || signs(key)).cloned().collect()
}

/// The folder of files of a form; CSAF documents lie below the provider.
fn folder(form: FileForm) -> &'static str {
    match form {
        FileForm::Csaf => WHITE,
        FileForm::Osv => "publications/osv",
        FileForm::OpenVex => "publications/openvex",
        FileForm::Sbom => "publications/sbom",
    }
}

/// The row of a publication: its document, then its other files.
fn add_row(site: &mut Site, (kind, name, one): &Found, others: Vec<(FileForm, String, String)>) {
    let document = one.content.file(FileForm::Csaf).and_then(|file| {
        let path = format!("{WHITE}/{}/{}", one.year(), file.name);
        site.files.get(&path).map(|there| (FileForm::Csaf, format!("/{path}"), there.digest.clone()))
    });
    site.rows.push(PublicRow {
        kind: *kind,
        name: name.clone(),
        title: one.content.title.clone(),
        version: one.content.version,
        summary: one.content.summary.clone(),
        withdrawn: one.content.withdraws,
        first: one.first,
        released: one.released,
        files: document.into_iter().chain(others).collect(),
    });
}

/// What lies below `publications`, as lists for programs, each with the licence; the newest first, each file once.
fn add_lists(site: &mut Site, placed: &[Placed<'_>], paths: &[String]) {
    for form in [FileForm::Osv, FileForm::OpenVex, FileForm::Sbom] {
        let mut entries: Vec<(&PublicRow, Value)> = Vec::new();
        for (one, path) in placed.iter().zip(paths).filter(|(one, _)| one.file.form == form) {
            let (Some(row), Some(file)) = (site.rows.get(one.owner), site.files.get(path)) else { continue };
            let address = format!("{}/{path}", site.address);
            let entry = json!({
                "id": row.name, "title": row.title, "version": row.version, "withdrawn": row.withdrawn,
                "published": row.first.to_string(), "modified": row.released.to_string(),
                "url": address, "sha256": file.digest, "signature": format!("{address}.asc"),
            });
            entries.push((row, entry));
        }
        entries.sort_by(|(a, _), (b, _)| b.released.cmp(&a.released).then_with(|| a.name.cmp(&b.name)));
        let entries: Vec<Value> = entries.into_iter().map(|(_, entry)| entry).collect();
        let list = json!({ "licence": site.licence, "publisher": site.publisher, "entries": entries });
        site.add_json(format!("{}/index.json", folder(form)), &list);
    }
}

impl House {
    /// What everybody may fetch; nothing where the operator has not switched it on.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn site(&self) -> Result<Option<Arc<Site>>> {
        if self.settings.publish.serve { self.whole_site().await.map(Some) } else { Ok(None) }
    }

    /// The same, for a folder of files, switched on or not.
    async fn whole_site(&self) -> Result<Arc<Site>> {
        let reader = self.ledger.reader(Viewer::Stranger, Timestamp::MAX);
        // Asked first: what is written meanwhile makes the site older than it says, and it is made again the next time.
        let revision = reader.publications_changed().await?;
        let kept = self.site.lock().ok().and_then(|kept| kept.clone());
        if let Some((_, site)) = kept.filter(|(of, _)| *of == revision) {
            return Ok(site);
        }
        let mut found = Vec::new();
        for record in reader.published().await? {
            let name = record.draft.name;
            let published = PublishedContent::read(&record.published, &name)?;
            found.push((record.draft.kind, name, published));
        }
        let keys = self.publishing_keys().await?;
        let signed = self.signed_security_text().await?;
        let site = Arc::new(built(&self.settings.publish, &found, (keys, signed.as_ref()))?);
        if let Ok(mut kept) = self.site.lock() {
            *kept = Some((revision, site.clone()));
        }
        Ok(site)
    }

    /// Writes what everybody may fetch into a folder, for a server of files. What lies there under the same names is replaced; other
    /// files stay. Gives how many files were written.
    ///
    /// # Errors
    /// `not-configured`, a folder that cannot be written, and what the ledger says.
    pub async fn write_site(&self, folder: &Path, now: Timestamp) -> Result<usize> {
        let site = self.whole_site().await?;
        let served = || site.files.iter().filter(|(_, file)| file.is_served(now));
        for (path, file) in served() {
            let target = folder.join(path);
            let failed = |error: std::io::Error| OfficeError::file(&target, &error);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            std::fs::write(&target, &file.bytes).map_err(failed)?;
        }
        Ok(served().count())
    }
}
