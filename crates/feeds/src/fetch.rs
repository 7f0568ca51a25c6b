// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every source needs to fetch, and the plain case: a feed that is one file.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use underpin_model::Limits;
use underpin_model::limits::bounds;
use underpin_model::watch::source::{Records, Source};

use crate::client::Client;
use crate::delivery::{Content, DeliveredFile, Delivery, Selection, Validators};
use crate::download::{Progress, Watcher, Wish};
use crate::error::{Code, FeedError};

/// What a source is given.
#[derive(Clone, Copy)]
pub struct Fetch<'a> {
    /// The client.
    pub client: &'a Client,
    /// Where it is fetched from; empty for the address of the list of sources.
    pub address: &'a str,
    /// What the last applied delivery gave, to ask for what has changed since.
    pub known: &'a Validators,
    /// The record ids that are there, so that those taken back can be told. `None` when that is not wished.
    pub known_ids: Option<&'a BTreeSet<String>>,
    /// A folder for downloads. It must be there until the delivery was read, and may be kept, so that broken transfers go on.
    pub folder: &'a Path,
    /// Who is told how far transfers are.
    pub watcher: Watcher<'a>,
}

impl Fetch<'_> {
    /// The address to fetch from.
    pub(crate) fn address_of(&self, records: Records) -> &str {
        if self.address.is_empty() { source(records).address } else { self.address }
    }

    /// The same with a closing `/`.
    pub(crate) fn base_of(&self, records: Records) -> String {
        let address = self.address_of(records);
        if address.ends_with('/') { address.to_owned() } else { format!("{address}/") }
    }

    /// Tells how many of the documents of a feed have come, where they come one by one.
    pub(crate) fn tell_documents(&self, address: &str, done_documents: u64, all_documents: u64) {
        let all_documents = Some(all_documents);
        (self.watcher)(Progress { address, done_bytes: 0, all_bytes: None, done_documents, all_documents });
    }

    /// Downloads one file and delivers it as the whole of a feed. `None` when it has not changed.
    pub(crate) async fn one_file(
        &self,
        feed: &str,
        records: Records,
        selection: Selection,
    ) -> Result<Option<Delivery>, FeedError> {
        let address = self.address_of(records);
        let name = file_name(address, feed);
        let wish =
            Wish { address, known: self.known, folder: self.folder, name: &name, most_bytes: bounds::DOWNLOAD_BYTES };
        let Some(found) = self.client.download(wish, self.watcher).await? else { return Ok(None) };
        let mut validators = found.validators;
        validators.digest = Some(found.sha256);
        // Servers without validators send the same again: its digest tells.
        if validators.digest == self.known.digest {
            return Ok(None);
        }
        Ok(Some(Delivery {
            feed: feed.to_owned(),
            records,
            origin: found.address,
            stated: None,
            files: vec![DeliveredFile { name, content: Content::File(found.path), selection, records }],
            removed: Vec::new(),
            validators,
            refused: Vec::new(),
            is_complete: true,
        }))
    }
}

impl Delivery {
    /// The first document of the delivery, for those that have their date in it.
    pub(crate) fn first(&self, limits: &Limits) -> Result<Option<Vec<u8>>, FeedError> {
        let mut found = None;
        for file in &self.files {
            let refused = file.read(limits, &mut |document| {
                found = Some(document.bytes.to_vec());
                ControlFlow::Break(())
            })?;
            if let Some(refusal) = refused.into_iter().next() {
                return Err(FeedError::new(
                    Code::BadAnswer,
                    self.origin.clone(),
                    format!("{}: {}", refusal.code, refusal.detail),
                ));
            }
        }
        Ok(found)
    }
}

/// The line of the list of sources for a kind of records.
pub(crate) fn source(records: Records) -> &'static Source {
    let all = underpin_model::watch::source::SOURCES;
    all.iter().find(|source| source.records == records).unwrap_or(&all[0])
}

/// The name that a download gets: that of the feed and the last part of the address, of plain characters only.
pub(crate) fn file_name(address: &str, feed: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = format!("{feed}-{last}");
    name.chars()
        .map(|character| if character.is_ascii_alphanumeric() || "._-".contains(character) { character } else { '_' })
        .collect()
}

/// A part of a path as it stands in an address.
pub(crate) fn escaped(part: &str) -> String {
    underpin_model::percent_encoded(part, b"-._~")
}
