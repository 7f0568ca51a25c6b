// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What documents about systems claim themselves about vulnerabilities (CycloneDX `vulnerabilities`, SPDX 3 assessments).
//!
//! A claim holds in its own document and nowhere else, as long as that document counts. Whoever made an inventory is trusted least: any
//! statement of a feed and any decision stands above. A vulnerability that is listed without a word about it is no claim.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use underpin_assess::findings::Ignored;
use underpin_formats::cyclonedx::vex;
use underpin_lake::{Wanted, integers, texts};
use underpin_model::watch::{Justification, Status};

use super::statements::{Bound, Head, Saying, Spoken};
use crate::error::Result;
use crate::house::{Desk, made};

/// Claims by document and number.
type Claims = BTreeMap<(i64, i64), (Arc<Head>, Arc<Saying>)>;

/// The claims of all documents that count, spoken with the lowest rank.
///
/// # Errors
/// When a segment is missing or damaged.
pub(super) fn of(desk: &Desk, rank: u32) -> Result<Vec<Spoken>> {
    let mut claims = Claims::new();
    let columns = ["document", "claim", "vulnerability", "state", "justification", "detail"];
    for batch in desk.session.rows("claim", "document", "document", Wanted::All, &columns)? {
        let (documents, numbers) = (integers(&batch, 0)?, integers(&batch, 1)?);
        let (names, states) = (texts(&batch, 2)?, texts(&batch, 3)?);
        let (justifications, details) = (texts(&batch, 4)?, texts(&batch, 5)?);
        for row in 0..batch.num_rows() {
            let (document, number) = (documents.value(row), numbers.value(row));
            let Some(status) = status(states.value(row)) else { continue };
            let Some(record) = desk.document(document).filter(|_| !desk.systems_of(document).is_empty()) else {
                continue;
            };
            let head = Head::new(&record.id.to_string(), &record.subject, &record.tool, rank);
            let saying = Saying {
                names: vec![names.value(row).to_owned()],
                status,
                justification: justification(justifications.value(row)).filter(|_| status == Status::NotAffected),
                impact: details.value(row).to_owned(),
                said: made(record),
            };
            claims.insert((document, number), (Arc::new(head), Arc::new(saying)));
        }
    }
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    about(desk, &claims)
}

/// Each claim with what it is about.
fn about(desk: &Desk, claims: &Claims) -> Result<Vec<Spoken>> {
    let mut documents: Vec<i64> = claims.keys().map(|(document, _)| *document).collect();
    documents.dedup();
    let mut targets: Vec<((i64, i64), i64)> = Vec::new();
    let (wanted, columns) = (Wanted::Integers(&documents), ["document", "claim", "package_version"]);
    for batch in desk.session.rows("claim_target", "document", "document", wanted, &columns)? {
        let (numbers, claimed, versions) = (integers(&batch, 0)?, integers(&batch, 1)?, integers(&batch, 2)?);
        let rows = (0..batch.num_rows()).map(|row| ((numbers.value(row), claimed.value(row)), versions.value(row)));
        targets.extend(rows.filter(|(claim, _)| claims.contains_key(claim)));
    }
    let mut roots: HashMap<i64, Vec<i64>> = HashMap::new();
    for found in desk.session.occurrences_in(&documents)?.iter().filter(|found| found.depth == Some(0)) {
        roots.entry(found.document).or_default().push(found.package_version);
    }
    let versions: Vec<i64> = targets.iter().map(|(_, version)| *version).collect();
    let purls: HashMap<i64, String> =
        desk.session.versions_by_id(&versions)?.into_iter().map(|version| (version.id, version.purl)).collect();
    let mut spoken = Vec::new();
    for (claim, version) in targets {
        let Some((head, saying)) = claims.get(&claim) else { continue };
        let is_all = roots.get(&claim.0).is_some_and(|roots| roots[..] == [version]);
        let within = match (is_all, purls.contains_key(&version)) {
            (false, false) => Bound::Nowhere(Ignored::NoProduct),
            _ => Bound::Documents(vec![claim.0]),
        };
        let package = if is_all { String::new() } else { purls.get(&version).cloned().unwrap_or_default() };
        spoken.push(Spoken {
            head: Arc::clone(head),
            saying: Arc::clone(saying),
            package,
            versions: String::new(),
            product: head.source.clone(),
            within,
        });
    }
    Ok(spoken)
}

/// What a state of CycloneDX or SPDX means; nothing when it is none.
fn status(word: &str) -> Option<Status> {
    vex::status_of(word).or_else(|| Status::ALL.iter().copied().find(|status| is_word(word, status.as_str())))
}

/// The justifications of CycloneDX, or CISA's own as SPDX writes them.
fn justification(word: &str) -> Option<Justification> {
    let own = || Justification::ALL.iter().copied().find(|one| is_word(word, one.as_str()));
    own().or_else(|| vex::justification_of(word))
}

/// Words are the same whether their parts are joined by marks or by capitals.
fn is_word(word: &str, ours: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    letters(word) == letters(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_both_formats_are_known_and_no_others() {
        for (word, expected) in [
            ("not_affected", Some(Status::NotAffected)),
            ("false_positive", Some(Status::NotAffected)),
            ("resolved_with_pedigree", Some(Status::Fixed)),
            ("exploitable", Some(Status::Affected)),
            ("in_triage", Some(Status::UnderInvestigation)),
            ("affected", Some(Status::Affected)),
            ("fixed", Some(Status::Fixed)),
            ("underInvestigation", Some(Status::UnderInvestigation)),
            ("", None),
            ("harmless", None),
        ] {
            assert_eq!(status(word), expected, "{word}");
        }
        for (word, expected) in [
            ("componentNotPresent", Some(Justification::ComponentNotPresent)),
            ("code_not_reachable", Some(Justification::VulnerableCodeNotInExecutePath)),
            ("inlineMitigationsAlreadyExist", Some(Justification::InlineMitigationsAlreadyExist)),
            ("", None),
        ] {
            assert_eq!(justification(word), expected, "{word}");
        }
    }
}
