// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bars: how many things each agency has, the most first.

use std::collections::BTreeMap;

use underpin_model::registry::AgencyId;
use underpin_office::Desk;

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Identifier, for the link.
    pub id: String,
    /// Name, for people.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Counts by agency as bars with the names of agencies, the most first.
pub fn of_agencies<S: AsRef<str>>(desk: &Desk, counts: BTreeMap<S, u64>) -> Vec<Bar> {
    let bar = |(id, count): (S, u64)| {
        let id = id.as_ref().to_owned();
        Bar { name: name_of(desk, &id), id, count }
    };
    let mut bars: Vec<Bar> = counts.into_iter().map(bar).collect();
    bars.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    bars
}

/// The name of an agency; its identifier where it is not in sight.
pub fn name_of(desk: &Desk, id: &str) -> String {
    desk.agency(&AgencyId(id.to_owned())).map_or_else(|| id.to_owned(), |agency| agency.name.clone())
}
