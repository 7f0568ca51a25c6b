// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an SPDX 3 document says about vulnerabilities.
//!
//! Source: the Security profile of SPDX 3.0.1. A vulnerability is an element; an assessment is a relationship from it to
//! what it is about, its kind in the type of the element (VEX status, score, decision). Each assessment becomes a claim of the
//! producer; the words for states are those of VEX.

use std::borrow::Cow;

use hashbrown::HashMap;
use underpin_model::inventory::{Claim, Text};

use super::field::Field;
use super::linked_element::Element;

/// Types of assessments, and the state that each means; those without one only rate.
const ASSESSMENTS: &[(&str, &str)] = &[
    ("security_CvssV2VulnAssessmentRelationship", ""),
    ("security_CvssV3VulnAssessmentRelationship", ""),
    ("security_CvssV4VulnAssessmentRelationship", ""),
    ("security_EpssVulnAssessmentRelationship", ""),
    ("security_ExploitCatalogVulnAssessmentRelationship", ""),
    ("security_SsvcVulnAssessmentRelationship", ""),
    ("security_VexAffectedVulnAssessmentRelationship", "affected"),
    ("security_VexFixedVulnAssessmentRelationship", "fixed"),
    ("security_VexNotAffectedVulnAssessmentRelationship", "not_affected"),
    ("security_VexUnderInvestigationVulnAssessmentRelationship", "under_investigation"),
];

/// Plain relationships that say the same, and the state that each means.
const RELATIONS: &[(&str, &str)] = &[
    ("affects", "affected"),
    ("doesNotAffect", "not_affected"),
    ("fixedIn", "fixed"),
    ("hasAssociatedVulnerability", ""),
    ("underInvestigationFor", "under_investigation"),
];

/// Vulnerabilities and what is said of them, while a graph is read.
#[derive(Default)]
pub(super) struct Security<'a> {
    /// Names of vulnerabilities, by identifier of the element.
    names: HashMap<String, Text<'a>>,
    /// Claims, each with the identifier of its vulnerability in the place of the name.
    claims: Vec<Claim<'a>>,
}

impl<'a> Security<'a> {
    /// Takes a vulnerability or an assessment; gives back any other element.
    pub(super) fn take(&mut self, kind: &str, element: Element<'a>) -> Option<Element<'a>> {
        if kind == "security_Vulnerability" {
            self.names.insert(element.id.as_str().to_owned(), name(&element));
            return None;
        }
        let relation = element.relation.as_str();
        let relation = relation.rsplit('/').next().unwrap_or(relation);
        let is_plain = matches!(kind, "Relationship" | "LifecycleScopedRelationship");
        let reversed = relation == "hasAssociatedVulnerability";
        let known = if is_plain {
            RELATIONS.iter().find(|(known, _)| *known == relation)
        } else {
            ASSESSMENTS.iter().find(|(known, _)| *known == kind)
        };
        match known {
            Some((_, state)) => {
                self.claim(state, element, is_plain && reversed);
                None
            }
            None => Some(element),
        }
    }

    fn claim(&mut self, state: &'static str, element: Element<'a>, reversed: bool) {
        let details = [&element.impact, &element.action, &element.notes];
        let detail = details.into_iter().find(|field| !field.is_empty()).cloned().unwrap_or_default();
        let rating = rating(&element);
        let claim = Claim {
            state: Cow::Borrowed(state),
            justification: last_segment(element.justification.into_text()),
            detail: detail.into_text(),
            ratings: if rating.is_empty() { Vec::new() } else { vec![Cow::Owned(rating)] },
            ..Claim::default()
        };
        let from = element.from.into_text();
        let to = element.to.items.into_iter().map(Field::into_text);
        if reversed {
            self.claims.extend(to.map(|id| Claim { id, affects: vec![from.clone()], ..claim.clone() }));
            return;
        }
        let mut affects: Vec<Text<'a>> = to.collect();
        let assessed = element.assessed.into_text();
        if !assessed.is_empty() && !affects.contains(&assessed) {
            affects.push(assessed);
        }
        self.claims.push(Claim { id: from, affects, ..claim });
    }

    /// All claims, with the names of their vulnerabilities; a vulnerability that nothing is said of is claimed as it stands.
    pub(super) fn finish(self) -> Vec<Claim<'a>> {
        let Self { names, mut claims } = self;
        let spoken_of: hashbrown::HashSet<String> = claims.iter().map(|claim| claim.id.to_string()).collect();
        let mut silent: Vec<_> = names.iter().filter(|(id, _)| !spoken_of.contains(*id)).collect();
        silent.sort();
        for claim in &mut claims {
            if let Some(name) = names.get(&*claim.id) {
                claim.id = name.clone();
            }
        }
        claims.extend(silent.into_iter().map(|(_, name)| Claim { id: name.clone(), ..Claim::default() }));
        claims
    }
}

/// The identifier in a registry of vulnerabilities, else the name, else the element's own identifier.
fn name<'a>(element: &Element<'a>) -> Text<'a> {
    let registered = element.identifiers.items.iter().find(|identifier| {
        let kind = identifier.kind.as_str();
        matches!(kind.rsplit('/').next().unwrap_or(kind), "cve" | "securityOther")
    });
    let fields = [registered.map(|identifier| &identifier.value), Some(&element.name), Some(&element.id)];
    fields.into_iter().flatten().find(|field| !field.is_empty()).cloned().unwrap_or_default().into_text()
}

/// Score, severity, vector and the like, in one line.
fn rating(element: &Element<'_>) -> String {
    let fields = [
        &element.score,
        &element.severity,
        &element.vector,
        &element.probability,
        &element.decision,
        &element.catalogue,
    ];
    let words =
        fields.into_iter().map(Field::as_str).map(|text| text.rsplit_once("/terms/").map_or(text, |(_, term)| term));
    words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn last_segment(text: Text<'_>) -> Text<'_> {
    match text.rsplit_once('/') {
        Some((_, last)) => Cow::Owned(last.to_owned()),
        None => text,
    }
}
