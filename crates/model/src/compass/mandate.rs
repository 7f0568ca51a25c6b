// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The mandate of an office: by which law, at which place, agreed with whom, with which means. What nobody wrote down is unknown.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::registry::AgencyId;
use crate::words::words;

words!(
    /// Where an office stands: by itself, or as a part of a larger office for open source.
    OfficePlace { #[default] Standalone "standalone", PartOfLarger "part-of-larger", }
);

/// What was agreed with an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Agreement {
    /// With whom.
    pub agency: AgencyId,
    /// Since when.
    pub since: Timestamp,
    /// What, in a sentence.
    pub about: String,
}

/// The mandate card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mandate {
    /// Law, decree or decision that the office rests on, as it is cited.
    pub legal_basis: Option<String>,
    /// Where that can be read (`https://`).
    pub legal_source: Option<String>,
    /// Where the office stands.
    pub place: Option<OfficePlace>,
    /// The authority that it belongs to.
    pub host: Option<String>,
    /// Posts, in tenths of a full one.
    pub posts_tenths: Option<u32>,
    /// Of these, filled.
    pub filled_tenths: Option<u32>,
    /// Money for a year, in cents …
    pub budget_cents: Option<i64>,
    /// … and which year.
    pub budget_year: Option<u16>,
    /// Agreements with agencies, one an agency.
    pub agreements: Vec<Agreement>,
}

impl Mandate {
    /// Names of what nobody wrote down.
    pub fn unknown(&self) -> Vec<&'static str> {
        let all = [
            ("legal-basis", self.legal_basis.is_none()),
            ("place", self.place.is_none()),
            ("host", self.host.is_none()),
            ("posts", self.posts_tenths.is_none()),
            ("filled", self.filled_tenths.is_none()),
            ("budget", self.budget_cents.is_none()),
        ];
        all.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(name, _)| name).collect()
    }

    /// What contradicts itself.
    ///
    /// # Errors
    /// A sentence about it.
    pub fn check(&self) -> Result<(), &'static str> {
        let texts = [&self.legal_basis, &self.legal_source, &self.host].into_iter().flatten();
        let mut texts = texts.chain(self.agreements.iter().map(|one| &one.about));
        if texts.any(|text| text.trim().is_empty() || text.contains(char::is_control)) {
            return Err("its texts are plain lines that say something");
        }
        let is_address = |text: &String| text.starts_with("https://") && !text.contains(char::is_whitespace);
        if !self.legal_source.as_ref().is_none_or(is_address) {
            return Err("the law is read at an address that begins with https://");
        }
        if self.filled_tenths > self.posts_tenths && self.posts_tenths.is_some() {
            return Err("no more posts are filled than there are");
        }
        if self.budget_cents.is_some_and(|cents| cents < 0) || self.budget_cents.is_some() != self.budget_year.is_some()
        {
            return Err("money is 0 or more, and for a year");
        }
        let mut agencies: Vec<&AgencyId> = self.agreements.iter().map(|one| &one.agency).collect();
        agencies.sort_unstable();
        if agencies.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("an agency has one agreement");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_wrote_down_is_unknown_and_nonsense_is_refused() {
        let empty = Mandate::default();
        assert_eq!(empty.unknown(), ["legal-basis", "place", "host", "posts", "filled", "budget"]);
        assert_eq!(empty.check(), Ok(()));
        let agreement = Agreement { agency: "tax".into(), since: Timestamp(1), about: "Lists each quarter".to_owned() };
        let good = Mandate {
            legal_basis: Some("Act 7".to_owned()),
            legal_source: Some("https://law.example/7".to_owned()),
            posts_tenths: Some(50),
            filled_tenths: Some(35),
            budget_cents: Some(0),
            budget_year: Some(2026),
            agreements: vec![agreement.clone()],
            ..Mandate::default()
        };
        assert_eq!((good.check(), good.unknown()), (Ok(()), vec!["place", "host"]));
        let faults = [
            Mandate { legal_basis: Some(" ".to_owned()), ..good.clone() },
            Mandate { host: Some("a\nb".to_owned()), ..good.clone() },
            Mandate { legal_source: Some("law 7".to_owned()), ..good.clone() },
            Mandate { filled_tenths: Some(51), ..good.clone() },
            Mandate { budget_cents: Some(-1), ..good.clone() },
            Mandate { budget_year: None, ..good.clone() },
            Mandate { agreements: vec![agreement; 2], ..good },
        ];
        for fault in faults {
            assert!(fault.check().is_err(), "{fault:?}");
        }
    }
}
