// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Listings of the catalogue in formats of the world: publiccode.yml and its feed, code.json, codemeta.json, CITATION.cff. What a format
//! cannot say is told as left out.

mod citation;
mod codemeta;

#[cfg(test)]
mod tests;

use serde_json::json;
use underpin_model::catalogue::{Converted, Listing};

pub use citation::write as citation;
pub use codemeta::write as codemeta;

/// Listings as a feed of publiccode.yml documents, in the form of the catalogue interface of Developers Italia (`data`, each with `url`
/// and `publiccodeYml`). Beside it, what could be no document, by address, with what is missing.
pub fn publiccode_feed(listings: &[Listing]) -> (String, Vec<(String, Vec<String>)>) {
    let (mut data, mut without) = (Vec::new(), Vec::new());
    for listing in listings {
        let Converted { text, missing, .. } = crate::publiccode::write(listing);
        match text {
            Some(text) => {
                let mut entry = json!({ "url": listing.url(), "publiccodeYml": text, "active": true });
                if let Some(looked) = listing.looked {
                    entry["updatedAt"] = looked.to_string().into();
                }
                data.push(entry);
            }
            None => without.push((listing.address.clone(), missing)),
        }
    }
    (format!("{:#}\n", json!({ "data": data })), without)
}
