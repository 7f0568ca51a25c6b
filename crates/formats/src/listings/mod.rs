// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Listings of the catalogue in formats of the world: publiccode.yml and its feed, code.json, codemeta.json, CITATION.cff. What a format
//! cannot say is told as left out.

mod citation;
mod codemeta;
pub(crate) mod losses;

#[cfg(test)]
mod original_tests;
#[cfg(test)]
mod tests;

use serde_json::json;
use underpin_model::catalogue::{Converted, Listing};

pub use citation::write as citation;
pub(crate) use codemeta::names;
pub use codemeta::write as codemeta;

/// A list in a format, and by address what it does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFile {
    /// The file.
    pub text: String,
    /// Repositories that it does not hold, with what is missing.
    pub without: Vec<(String, Vec<String>)>,
    /// Repositories that it holds, with what they declare and it does not hold.
    pub left_out: Vec<(String, Vec<String>)>,
}

impl ListFile {
    /// The text of a listing; or it is noted what is missing.
    pub(crate) fn taken(&mut self, listing: &Listing, found: Converted) -> Option<String> {
        match (&found.text, found.left_out.is_empty()) {
            (None, _) => self.without.push((listing.address.clone(), found.missing)),
            (Some(_), false) => self.left_out.push((listing.address.clone(), found.left_out)),
            (Some(_), true) => {}
        }
        found.text
    }
}

/// Listings as codemeta documents, in one list.
pub fn codemeta_list(listings: &[Listing]) -> ListFile {
    let mut list = ListFile::default();
    let texts: Vec<serde_json::Value> = listings
        .iter()
        .filter_map(|listing| serde_json::from_str(&list.taken(listing, codemeta(listing))?).ok())
        .collect();
    list.text = format!("{:#}\n", serde_json::Value::from(texts));
    list
}

/// Listings as a feed of publiccode.yml documents, in the form of the catalogue interface of Developers Italia (`data`, each with `url`
/// and `publiccodeYml`). Beside it, what could be no document, by address, with what is missing.
pub fn publiccode_feed(listings: &[Listing]) -> ListFile {
    let (mut data, mut list) = (Vec::new(), ListFile::default());
    for listing in listings {
        let Some(text) = list.taken(listing, crate::publiccode::write(listing)) else { continue };
        let mut entry = json!({ "url": listing.url(), "publiccodeYml": text, "active": true });
        if let Some(looked) = listing.looked {
            entry["updatedAt"] = looked.to_string().into();
        }
        data.push(entry);
    }
    list.text = format!("{:#}\n", json!({ "data": data }));
    list
}
