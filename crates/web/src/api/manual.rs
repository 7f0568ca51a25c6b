// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the manual says of the interface: made from the list of endpoints.

use super::endpoint::{Endpoint, Group};
use super::openapi::needs;
use super::{BASE, ENDPOINTS};

/// An endpoint in the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Method and address.
    pub address: String,
    /// What it answers or does.
    pub summary: &'static str,
    /// What one needs.
    pub needs: String,
    /// Its own parameters and whether it is paged and timed, in words.
    pub takes: String,
}

/// All endpoints, group by group.
pub fn entries() -> Vec<(&'static str, Vec<Entry>)> {
    let of = |group: Group| ENDPOINTS.iter().filter(move |endpoint| endpoint.group == group).map(entry).collect();
    Group::ALL.into_iter().map(|group| (group.as_str(), of(group))).collect()
}

fn entry(endpoint: &Endpoint) -> Entry {
    let mut takes: Vec<String> = Vec::new();
    if let Some(own) = endpoint.asks {
        let mut generator = schemars::SchemaGenerator::default();
        let schema = own(&mut generator).to_value();
        let names = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys());
        takes.extend(names.map(|name| format!("`{name}`")));
    }
    if endpoint.is_timed || endpoint.is_paged {
        takes.push("`as-of`".to_owned());
    }
    if endpoint.is_paged {
        takes.extend(["`limit`", "`cursor`"].map(str::to_owned));
    }
    Entry {
        address: format!("{} {BASE}{}", endpoint.method, endpoint.path.trim_end_matches('/')),
        summary: endpoint.summary,
        needs: needs(endpoint).unwrap_or_else(|| "For everybody.".to_owned()),
        takes: takes.join(", "),
    }
}
