// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A draft law's definition of whom it binds, as questions, to be tried on the parties of the ecosystem.
//!
//! ```toml
//! id = "example-2027"                # stable, as the file is called
//! standing = "draft"                 # law, draft, guidance or policy
//! confirmed = "primary"              # whether the text itself was read: primary, secondary, background
//! source = { name = "Draft of 1 March 2027", address = "https://parliament.example/drafts/12" }
//! title = { en = "…", de = "…" }
//!
//! [[question]]                       # the first is asked first; each leads on, to a role, or to a lawyer
//! key = "publishes"
//! fact = "publishes"
//! yes = { to = "price" }
//! no = { role = "no-role" }
//! [[question]]
//! key = "price"
//! fact = "price"
//! yes = { role = "manufacturer" }
//! no = { role = "non-commercial" }
//!
//! [[meant]]                          # whom the draft says it means to bind, and whom not
//! party = "volunteer"
//! binds = false
//! place = "recital 10"
//! ```

use serde::Deserialize;
use underpin_model::law_roles::RoleQuestion;
use underpin_model::rules::{Confirmed, Standing};

use crate::rulebook::{BothLanguages, Refused, Source};

/// A draft law.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftLaw {
    /// Stable, as the file is called.
    pub id: String,
    /// What the text is, as law goes.
    pub standing: Standing,
    /// Whether the text itself was read.
    pub confirmed: Confirmed,
    /// Where it can be read.
    pub source: Source,
    /// What it is called.
    pub title: BothLanguages,
    /// What is to be known of it: what is open, what was read how.
    pub note: Option<BothLanguages>,
    /// Whom it binds, as questions.
    #[serde(rename = "question")]
    pub questions: Vec<RoleQuestion>,
    /// Whom it says it means.
    #[serde(default)]
    pub meant: Vec<Meant>,
}

/// What a draft says of a party.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meant {
    /// The party's word.
    pub party: String,
    /// Whether it is meant to be bound.
    pub binds: bool,
    /// Where the draft says so.
    pub place: String,
}

/// Reads a draft law.
///
/// # Errors
/// What is wrong in it, with line and column; a party that is named twice.
pub fn draft_law(file: &str, text: &str) -> Result<DraftLaw, Refused> {
    let refused = |detail: String| Refused { file: file.to_owned(), detail: detail.trim_end().to_owned() };
    let draft: DraftLaw = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
    let name = file.rsplit(['/', '\\']).next().and_then(|name| name.strip_suffix(".toml")).unwrap_or_default();
    if draft.id != name {
        return Err(refused(format!("the draft is called {:?} and its file {name:?}", draft.id)));
    }
    for (at, meant) in draft.meant.iter().enumerate() {
        if draft.meant.iter().take(at).any(|earlier| earlier.party == meant.party) {
            return Err(refused(format!("the party {:?} is named twice under [[meant]]", meant.party)));
        }
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = r#"
id = "x"
standing = "draft"
confirmed = "background"
source = { name = "a", address = "b" }
title = { en = "a", de = "b" }
[[question]]
key = "price"
fact = "price"
yes = { role = "manufacturer" }
no = { lawyer = "whose-name" }
[[meant]]
party = "volunteer"
binds = false
place = "recital 10"
"#;

    #[test]
    fn drafts_are_read_and_faults_named_with_their_place() {
        assert_eq!(draft_law("drafts/x.toml", DRAFT).unwrap().questions.len(), 1);
        let without = |from: &str, to: &str| draft_law("x.toml", &DRAFT.replace(from, to)).unwrap_err().detail;
        assert!(without("id = \"x\"", "id = \"y\"").contains("its file \"x\""));
        assert!(without("fact = \"price\"", "fact = \"prize\"").contains("line 9"));
        assert!(without("{ role = \"manufacturer\" }", "{ role = \"king\" }").contains("line 10"));
        let twice = format!("{DRAFT}[[meant]]\nparty = \"volunteer\"\nbinds = true\nplace = \"x\"\n");
        assert!(draft_law("x.toml", &twice).unwrap_err().detail.contains("twice"));
    }
}
