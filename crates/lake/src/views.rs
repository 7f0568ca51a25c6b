// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The views: analysis as text that a civil servant can read. One file a view; its leading comment is its manual page.

/// A view.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Name.
    pub name: &'static str,
    /// The whole text, comment first.
    pub sql: &'static str,
}

macro_rules! views {
    ($(#[$doc:meta])* $list:ident: $($name:ident)*) => {
        $(#[$doc])*
        pub const $list: &[View] = &[
            $(View { name: stringify!($name), sql: include_str!(concat!("views/", stringify!($name), ".sql")) },)*
        ];
    };
}

views! {
    /// The views of the inventory, each after those it builds on.
    VIEWS: occurrence licence use package_systems licence_systems gap_documents
}

views! {
    /// The views of what is watched, each after those it builds on. What feeds say is no part of a rebuild, so these are none of its
    /// fingerprint.
    WATCH_VIEWS: standing finding
}

impl View {
    /// The leading comment: what it answers, in which unit, from which tables.
    pub fn meaning(&self) -> String {
        self.sql
            .lines()
            .filter(|line| !line.contains("SPDX-"))
            .skip_while(|line| line.trim().is_empty() || line.trim() == "--")
            .take_while(|line| line.starts_with("--"))
            .map(|line| line.trim_start_matches('-').trim())
            .collect::<Vec<_>>()
            .join(" ")
            .trim()
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_says_what_it_answers() {
        for view in VIEWS.iter().chain(WATCH_VIEWS) {
            assert!(view.meaning().len() > 40, "{} needs a leading comment: {:?}", view.name, view.meaning());
        }
    }
}
