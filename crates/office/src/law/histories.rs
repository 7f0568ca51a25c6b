// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whose history is it? One report does not close a step for everybody: each body that is bound has a history of its own, and shares with
//! the others what is true of the incident. What is shown of evidence is cut to what its reader may see.

use std::collections::BTreeMap;

use underpin_ledger::ClockEventRecord;
use underpin_model::clocks::ClockEvidence;
use underpin_model::law_roles::RoleSubject;

use super::clocks::is_document_name;
use super::drafts::document;
use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// What was said of a clock, by whom it is about. What is said of one who is bound without naming anybody is a history of its own; it is
/// the only one where nobody is named.
pub(super) fn histories(records: Vec<&ClockEventRecord>) -> Vec<(Option<RoleSubject>, Vec<&ClockEventRecord>)> {
    let mut named: BTreeMap<&RoleSubject, Vec<&ClockEventRecord>> = BTreeMap::new();
    for record in &records {
        if let Some(whom) = &record.stated.whom {
            named.entry(whom).or_default();
        }
    }
    let is_of_one = |record: &ClockEventRecord| record.stated.whom.is_none() && first(&records, record).is_of_one();
    let has_unnamed = named.is_empty() || records.iter().any(|record| is_of_one(record));
    let mut all = Vec::new();
    for (whom, own) in &mut named {
        let is_own = |record: &&ClockEventRecord| match &record.stated.whom {
            Some(other) => other == *whom,
            None => !is_of_one(record),
        };
        own.extend(records.iter().copied().filter(is_own));
    }
    all.extend(named.into_iter().map(|(whom, own)| (Some(whom.clone()), own)));
    if has_unnamed {
        all.push((None, records.iter().copied().filter(|record| record.stated.whom.is_none()).collect()));
    }
    all
}

/// What a chain of corrections began with.
fn first<'r>(records: &[&'r ClockEventRecord], record: &'r ClockEventRecord) -> &'r underpin_model::clocks::Happened {
    let mut first = record;
    while let Some(amended) = first.stated.amends.filter(|amended| *amended < first.number) {
        match records.iter().find(|record| record.number == amended) {
            Some(&earlier) => first = earlier,
            None => break,
        }
    }
    &first.stated.happened
}

/// Evidence as the viewer may know it: of a document out of sight neither number nor digest.
pub(super) fn seen_evidence(desk: &Desk, evidence: &[ClockEvidence]) -> Vec<ClockEvidence> {
    let is_hidden = |own: &ClockEvidence| {
        let number = own.name.strip_prefix("document ").filter(|name| is_document_name(name));
        number.is_some_and(|number| document(desk, number).is_none())
    };
    let shown = |own: &ClockEvidence| match is_hidden(own) {
        true => ClockEvidence { name: "document".to_owned(), sha256: String::new() },
        false => own.clone(),
    };
    evidence.iter().map(shown).collect()
}

/// Of whom something is said, by words as `agency X`; `None` for no words.
///
/// # Errors
/// `usage` for words that name nobody.
pub fn whom_of(words: &str) -> Result<Option<RoleSubject>> {
    match words.trim() {
        "" => Ok(None),
        words => words.parse::<RoleSubject>().map(Some).map_err(|why: String| OfficeError::new("usage", why)),
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::clocks::{Clock, Happened, Obliged, ReportStep, StatedClockEvent};
    use underpin_model::incidents::IncidentId;

    use super::*;

    fn record(number: u64, whom: &str, amends: Option<u64>, happened: Happened) -> ClockEventRecord {
        let whom = whom_of(whom).expect("words");
        let (note, evidence) = (String::new(), Vec::new());
        ClockEventRecord {
            number,
            incident: IncidentId(1),
            clock: Clock::Nis2SignificantIncident,
            stated: StatedClockEvent {
                at: Timestamp(0),
                amends,
                happened,
                whom,
                note,
                source: String::new(),
                evidence,
            },
            actor: "ada".to_owned(),
            moment: Timestamp(0),
        }
    }

    fn numbers(records: &[ClockEventRecord]) -> Vec<(String, Vec<u64>)> {
        let name = |whom: Option<RoleSubject>| whom.map(|whom| whom.to_string()).unwrap_or_default();
        let all = histories(records.iter().collect()).into_iter();
        all.map(|(whom, own)| (name(whom), own.iter().map(|record| record.number).collect())).collect()
    }

    #[test]
    fn one_report_closes_a_step_for_nobody_else() {
        let role = || Happened::RoleConfirmed(Obliged::EssentialEntity);
        let sent = Happened::HandedIn { step: ReportStep::EarlyWarning, proofs: Vec::new() };
        let mut told = vec![
            record(1, "agency tax", None, role()),
            record(2, "agency health", None, role()),
            record(3, "agency tax", None, sent),
            record(4, "", None, Happened::StillOngoing),
        ];
        let of = |who: &str, own: &[u64]| (who.to_owned(), own.to_vec());
        assert_eq!(numbers(&told), [of("agency health", &[2, 4]), of("agency tax", &[1, 3, 4])]);
        // Of nobody in particular: a history of its own, with the corrections of what began there.
        told.push(record(5, "", None, role()));
        told.push(record(6, "", Some(5), Happened::Withdrawn));
        let expected = [of("agency health", &[2, 4]), of("agency tax", &[1, 3, 4]), of("", &[4, 5, 6])];
        assert_eq!(numbers(&told), expected);
        assert_eq!(numbers(&[]), [of("", &[])]);
        assert_eq!(whom_of("nobody").expect_err("no words").code, "usage");
    }
}
