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

use super::content::{FileForm, PublishedContent, PublishedFile};
use super::keys::KeyRow;
use super::provider::{self, CATEGORIES, FEED, Listed, PROVIDER, WHITE};
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

/// The site as it was made last, with the revision that it holds from.
pub(crate) type KeptSite = std::sync::Mutex<Option<(i64, Arc<Site>)>>;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Site {
    fn add(&mut self, path: impl Into<String>, media_type: &'static str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        let digest = hexadecimal(&Sha256::digest(&bytes));
        self.files.insert(path.into(), SiteFile { bytes, media_type, digest });
    }

    fn add_json(&mut self, path: impl Into<String>, value: &Value) {
        self.add(path, "application/json", csaf::text(value));
    }

    /// A document with its digests and its signature (7.1.18, 7.1.19). Gives its own digest.
    fn add_signed(&mut self, path: &str, file: &PublishedFile) -> String {
        let media_type = match file.name.rsplit('.').next() {
            Some("json") => "application/json",
            Some("xml") => "application/xml",
            _ => "text/plain; charset=utf-8",
        };
        let bytes = file.text.as_bytes();
        let digest = hexadecimal(&Sha256::digest(bytes));
        self.add(path, media_type, bytes);
        for (ending, digest) in [("sha256", digest.clone()), ("sha512", hexadecimal(&Sha512::digest(bytes)))] {
            self.add(format!("{path}.{ending}"), "text/plain; charset=utf-8", format!("{digest}  {}\n", file.name));
        }
        self.add(format!("{path}.asc"), "application/pgp-signature", file.signature.as_bytes());
        digest
    }

    /// The file at a path as a browser asks for it: a folder is asked for with a slash at its end.
    pub fn find(&self, path: &str) -> Option<&SiteFile> {
        let path = path.trim_start_matches('/');
        match path.ends_with('/') {
            true => self.files.get(&format!("{path}index.html")),
            false => self.files.get(path),
        }
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
    found: &[(PublicationKind, String, PublishedContent)],
    keys: Vec<KeyRow>,
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
            &provider::metadata(settings, &told, &keys, updated),
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
    for (kind, name, one) in found {
        add_publication(&mut site, *kind, name, one);
    }
    add_lists(&mut site);
    if let Some(security) = &settings.security_txt {
        let text = provider::security_txt(settings, security, !keys.is_empty());
        site.add(".well-known/security.txt", "text/plain; charset=utf-8", text);
    }
    site.rows.sort_by(|a, b| b.released.cmp(&a.released).then_with(|| a.name.cmp(&b.name)));
    site.keys = keys;
    Ok(site)
}

/// The files of a publication that lie below `publications`, and its row.
fn add_publication(site: &mut Site, kind: PublicationKind, name: &str, one: &PublishedContent) {
    let mut files = Vec::new();
    for file in &one.content.files {
        let folder = match file.form {
            FileForm::Csaf => format!("{WHITE}/{}", one.year()),
            FileForm::Osv => "publications/osv".to_owned(),
            FileForm::OpenVex => "publications/openvex".to_owned(),
            FileForm::Sbom => "publications/sbom".to_owned(),
        };
        let path = format!("{folder}/{}", file.name);
        let digest = match site.files.get(&path).filter(|_| file.form == FileForm::Csaf) {
            Some(there) => there.digest.clone(),
            None => site.add_signed(&path, file),
        };
        files.push((file.form, format!("/{path}"), digest));
    }
    site.rows.push(PublicRow {
        kind,
        name: name.to_owned(),
        title: one.content.title.clone(),
        version: one.content.version,
        summary: one.content.summary.clone(),
        withdrawn: one.content.withdraws,
        first: one.first,
        released: one.released,
        files,
    });
}

/// What lies below `publications`, as lists for programs, each with the licence.
fn add_lists(site: &mut Site) {
    let lists = [("osv", FileForm::Osv), ("openvex", FileForm::OpenVex), ("sbom", FileForm::Sbom)];
    for (folder, form) in lists {
        let mut entries: Vec<Value> = Vec::new();
        for row in &site.rows {
            for (_, path, digest) in row.files.iter().filter(|(of, ..)| *of == form) {
                let address = format!("{}{path}", site.address);
                entries.push(json!({
                    "id": row.name, "title": row.title, "version": row.version, "withdrawn": row.withdrawn,
                    "published": row.first.to_string(), "modified": row.released.to_string(),
                    "url": address, "sha256": digest, "signature": format!("{address}.asc"),
                }));
            }
        }
        let list = json!({ "licence": site.licence, "publisher": site.publisher, "entries": entries });
        site.add_json(format!("publications/{folder}/index.json"), &list);
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
        let site = Arc::new(built(&self.settings.publish, &found, keys)?);
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
    pub async fn write_site(&self, folder: &Path) -> Result<usize> {
        let site = self.whole_site().await?;
        for (path, file) in &site.files {
            let target = folder.join(path);
            let failed = |error: std::io::Error| OfficeError::file(&target, &error);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            std::fs::write(&target, &file.bytes).map_err(failed)?;
        }
        Ok(site.files.len())
    }
}
