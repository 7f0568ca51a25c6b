// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file that is one record of many entries.

use underpin_model::Timestamp;
use underpin_model::gap::Gaps;
use underpin_model::inventory::Text;

/// The entries of a list, with what it says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing<'a, T> {
    /// Entries, in the order of the file.
    pub entries: Vec<T>,
    /// Version, or version of the model behind it; may be empty.
    pub version: Text<'a>,
    /// When it was made.
    pub released: Option<Timestamp>,
    /// What was missing or wrong.
    pub gaps: Gaps,
}

impl<T> Listing<'_, T> {
    /// The same with texts of its own, where `own` does so for an entry.
    pub fn into_owned<U>(self, own: impl Fn(T) -> U) -> Listing<'static, U> {
        Listing {
            entries: self.entries.into_iter().map(own).collect(),
            version: Text::Owned(self.version.into_owned()),
            released: self.released,
            gaps: self.gaps,
        }
    }
}
