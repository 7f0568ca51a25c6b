// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A draft law tried on the parties of the ecosystem: whom it would bind, whether it says that it means that, and what decided.
//!
//! Most offices advise and make no law. So what comes out is an argument that others can check, not a verdict: each party has facts that
//! everybody can read, each answer the questions that led to it, and what a draft leaves open is told as open.

use std::path::Path;

use serde::Serialize;
use underpin_assess::law_roles::archetypes::{Trial, try_on};
pub use underpin_assess::law_roles::{Reason, Verdict};
use underpin_assess::law_roles::{RoleTree, archetypes};
pub use underpin_formats::draft_law::DraftLaw;
use underpin_formats::draft_law::draft_law;
use underpin_formats::rulebook::Refused;
use underpin_model::law_roles::{LawRole, RoleFact};
use underpin_model::limits::bounds::RULE_BYTES;
use underpin_model::rules::{DraftEffect, Intention};

pub use super::draft_opinion::{because, opinion};
use crate::error::{OfficeError, Result};

/// Drafts that are shipped, by their names.
const SHIPPED: &[(&str, &str)] =
    &[("cra-proposal-2022", include_str!("../../../../rules/drafts/cra-proposal-2022.toml"))];

/// The answer of `draft-law`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftAnswer {
    /// The draft's word.
    pub draft: String,
    /// Each party, in a fixed order.
    pub rows: Vec<DraftRow>,
}

/// What a draft makes of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftRow {
    /// The party's word.
    pub party: &'static str,
    /// Its role under the Cyber Resilience Act as enacted.
    pub enacted: LawRole,
    /// Its role under the draft, where that is decided.
    pub role: Option<LawRole>,
    /// What the draft does to it.
    pub effect: DraftEffect,
    /// Whether the draft says that it means this.
    pub intention: Intention,
    /// Where the draft says whom it means.
    pub place: Option<String>,
    /// What decided, question by question; empty where nothing is decided.
    pub because: Vec<Reason>,
    /// What is possible where nothing is decided.
    pub possible: Vec<Verdict>,
    /// Facts that would decide.
    pub missing: Vec<RoleFact>,
}

impl DraftAnswer {
    /// How many parties an effect and an intention have; either may be left open.
    pub fn count(&self, effect: Option<DraftEffect>, intention: Option<Intention>) -> usize {
        let is = |row: &&DraftRow| {
            effect.is_none_or(|effect| row.effect == effect)
                && intention.is_none_or(|intention| row.intention == intention)
        };
        self.rows.iter().filter(is).count()
    }
}

/// The names of the shipped drafts.
pub fn shipped_drafts() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(id, _)| *id)
}

/// The parties that drafts are tried on.
pub fn parties() -> &'static [archetypes::Archetype] {
    archetypes::ARCHETYPES
}

/// A draft: one that is shipped, by its name, or a file.
///
/// # Errors
/// `draft-refused` with file and place, `not-found`.
pub fn draft_of(named: &Path) -> Result<DraftLaw> {
    let shipped = SHIPPED.iter().find(|(id, _)| named.as_os_str() == *id);
    if let Some((id, text)) = shipped {
        return draft_law(&format!("{id}.toml"), text).map_err(refused);
    }
    let size = std::fs::metadata(named).map_err(|error| no_draft(named, &error))?.len();
    if size > RULE_BYTES {
        let why = format!("{}: larger than {RULE_BYTES} bytes", named.display());
        return Err(OfficeError::new("draft-refused", why));
    }
    let text = std::fs::read_to_string(named).map_err(|error| OfficeError::file(named, &error))?;
    draft_law(&named.display().to_string(), &text).map_err(refused)
}

fn no_draft(named: &Path, error: &std::io::Error) -> OfficeError {
    let known: Vec<&str> = shipped_drafts().collect();
    OfficeError::file(named, error).hint(format!("name a file, or a draft that is shipped: {}", known.join(", ")))
}

fn refused(error: Refused) -> OfficeError {
    OfficeError::new("draft-refused", error.to_string())
        .hint("the manual shows a draft that loads: how-to/try-a-draft-law")
}

/// Tries a draft on all parties.
///
/// # Errors
/// `draft-refused` where its questions lead nowhere or in a circle, or where it means a party that nobody knows.
pub fn try_draft(draft: &DraftLaw) -> Result<DraftAnswer> {
    let wrong = |detail: String| refused(Refused { file: draft.id.clone(), detail });
    let tree = RoleTree::new(&draft.questions).map_err(|error| wrong(error.to_string()))?;
    if let Some(unknown) = draft.meant.iter().find(|meant| !is_party(&meant.party)) {
        let known: Vec<&str> = archetypes::ARCHETYPES.iter().map(|own| own.key).collect();
        return Err(wrong(format!("there is no party {:?}; there are: {}", unknown.party, known.join(", "))));
    }
    Ok(DraftAnswer { draft: draft.id.clone(), rows: try_on(&tree).into_iter().map(|one| row(draft, one)).collect() })
}

fn is_party(word: &str) -> bool {
    archetypes::ARCHETYPES.iter().any(|own| own.key == word)
}

fn row(draft: &DraftLaw, trial: Trial) -> DraftRow {
    let role = trial.found.role();
    let effect = match (role.map(LawRole::is_bound), trial.enacted.is_bound()) {
        (None, _) => DraftEffect::Open,
        (Some(true), false) => DraftEffect::NewlyBound,
        (Some(true), true) => DraftEffect::StillBound,
        (Some(false), true) => DraftEffect::SetFree,
        (Some(false), false) => DraftEffect::StillFree,
    };
    let meant = draft.meant.iter().find(|meant| meant.party == trial.archetype);
    let intention = match (meant, role) {
        (Some(meant), Some(role)) if meant.binds == role.is_bound() => Intention::AsMeant,
        (Some(_), Some(_)) => Intention::NotMeant,
        _ => Intention::NotSaid,
    };
    let missing = trial.found.missing.iter().map(|missing| missing.fact).collect();
    let mut possible = trial.found.possible;
    let because = match (role, possible.first_mut()) {
        (Some(_), Some(first)) => std::mem::take(&mut first.reasons),
        _ => Vec::new(),
    };
    DraftRow {
        party: trial.archetype,
        enacted: trial.enacted,
        role,
        effect,
        intention,
        place: meant.map(|meant| meant.place.clone()),
        because,
        possible: if role.is_some() { Vec::new() } else { possible.into_iter().map(|one| one.verdict).collect() },
        missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(answer: &'a DraftAnswer, party: &str) -> &'a DraftRow {
        answer.rows.iter().find(|row| row.party == party).unwrap()
    }

    #[test]
    fn the_proposal_of_2022_would_have_bound_a_maintainer_who_lives_from_support() {
        let answer = try_draft(&draft_of(Path::new("cra-proposal-2022")).unwrap()).unwrap();
        let maintainer = of(&answer, "one-person-project");
        assert_eq!((maintainer.effect, maintainer.intention), (DraftEffect::NewlyBound, Intention::NotSaid));
        assert_eq!(maintainer.because.last().map(|reason| reason.fact), Some(RoleFact::SupportAtCost));
        let volunteer = of(&answer, "volunteer");
        assert_eq!((volunteer.effect, volunteer.intention), (DraftEffect::StillFree, Intention::AsMeant));
        assert_eq!(of(&answer, "foundation").effect, DraftEffect::SetFree, "it knew no stewards");
        assert_eq!(of(&answer, "integrator").effect, DraftEffect::StillBound);
        assert_eq!(answer.count(None, Some(Intention::NotMeant)), 0);
        assert_eq!(answer.count(None, None), answer.rows.len());
    }

    #[test]
    fn what_a_draft_does_not_mean_and_what_it_leaves_open_is_told() {
        let text = r#"
id = "x"
standing = "draft"
confirmed = "primary"
source = { name = "a", address = "b" }
title = { en = "a", de = "b" }
[[question]]
key = "publishes"
fact = "publishes"
yes = { to = "size" }
no = { role = "no-role" }
[[question]]
key = "size"
fact = "legal-person"
yes = { lawyer = "whose-name" }
no = { role = "manufacturer" }
[[meant]]
party = "volunteer"
binds = false
place = "recital 1"
"#;
        let draft = draft_law("x.toml", text).unwrap();
        let answer = try_draft(&draft).unwrap();
        let volunteer = of(&answer, "volunteer");
        assert_eq!((volunteer.effect, volunteer.intention), (DraftEffect::NewlyBound, Intention::NotMeant));
        assert_eq!(volunteer.place.as_deref(), Some("recital 1"));
        let company = of(&answer, "integrator");
        assert_eq!((company.effect, company.role, company.possible.len()), (DraftEffect::Open, None, 1));
        for (from, to, expected) in [
            ("party = \"volunteer\"", "party = \"king\"", "there is no party \"king\""),
            ("yes = { to = \"size\" }", "yes = { to = \"publishes\" }", "does not come after it"),
        ] {
            let wrong = draft_law("x.toml", &text.replace(from, to)).unwrap();
            let error = try_draft(&wrong).unwrap_err();
            assert!(error.code == "draft-refused" && error.to_string().contains(expected), "{error}");
        }
    }
}
