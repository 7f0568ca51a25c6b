// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `catalogue assess`: what people of an agency say about a repository where no program can judge.
//!
//! It stands beside what the program found and never in its counts. A practice that is not met stays so, whatever somebody says: the two
//! are shown side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_assess::catalogue::duplicates::content_percent;
pub use underpin_assess::self_assessment::Strength;
use underpin_assess::self_assessment::{PUBLIC_CODE, Requirement, requirements};
use underpin_ledger::{PublicRepositoryRecord, RepositoryRecord, SelfAssessmentRecord};
use underpin_model::catalogue::{KeptPractice, OwnRepository};
use underpin_model::practices::{Outcome, Pack};
use underpin_model::registry::AgencyId;
use underpin_model::self_assessment::{AboutRequirement, SelfAnswer, SelfAssessment};
use underpin_model::{Timestamp, Viewer};

use super::check::standard;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Months after which somebody should look again.
const FRESH_MONTHS: i32 = 12;
/// When fewer files than so many of 100 have the same contents as then, the repository is another one.
const SAME_PERCENT: u32 = 50;
/// Answers of which learning that they are "not met" would help an attacker: only the agency reads them.
const NOT_TOLD: [&str; 1] = ["code-in-the-open-3"];

/// Why an answer is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OldBecause {
    /// It is about another version of the standard.
    Standard,
    /// It is more than a year old.
    Year,
    /// The repository has changed much since.
    Change,
}

impl OldBecause {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Year => "year",
            Self::Change => "change",
        }
    }
}

/// What the program found about a requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProgramVerdict {
    /// The practice.
    pub practice: String,
    /// Its result.
    pub outcome: Outcome,
}

/// A requirement of the standard: what somebody said, and what the program found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RequirementRow {
    /// Its name.
    pub requirement: String,
    /// Its criterion.
    pub criterion: String,
    /// How strongly the standard asks for it.
    pub strength: Strength,
    /// What somebody said; absent where nobody did.
    pub answer: Option<SelfAnswer>,
    /// Why; empty for who does not read at the agency.
    pub reason: String,
    /// An address where it can be seen.
    pub evidence: Option<String>,
    /// Login of whoever said it; absent where the house does not tell names.
    pub said_by: Option<String>,
    /// When it was said.
    pub said: Option<Timestamp>,
    /// The version of the standard that it was said about.
    pub version: Option<String>,
    /// Why the answer is old; absent while it is not.
    pub old: Option<OldBecause>,
    /// What the program found about it.
    pub program: Vec<ProgramVerdict>,
    /// Whether somebody says that nothing is wanting, and the program found that something is. The program stands.
    pub contradicts: bool,
    /// Whether somebody should answer: the program cannot tell, and nobody has said it lately.
    pub is_open: bool,
}

impl RequirementRow {
    /// Its fields, in the order of files.
    pub const FIELDS: &[&str] = &[
        "requirement",
        "criterion",
        "strength",
        "answer",
        "reason",
        "evidence",
        "said_by",
        "said",
        "version",
        "old",
        "program",
        "contradicts",
        "is_open",
    ];
}

/// The answer of `catalogue assess --list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SelfAssessmentAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The repository's address.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Its agency.
    pub agency: String,
    /// The agency's name.
    pub agency_name: String,
    /// Name and version of the standard.
    pub standard: String,
    /// Its requirements, in its order.
    pub rows: Vec<RequirementRow>,
}

impl SelfAssessmentAnswer {
    /// How many requirements of a strength somebody should answer.
    pub fn open(&self, strength: Strength) -> u64 {
        self.rows.iter().filter(|row| row.is_open && row.strength == strength).count() as u64
    }
}

/// What somebody said about a requirement of a repository, for tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct SaidRow {
    pub(super) agency: String,
    pub(super) address: String,
    pub(super) said: RequirementRow,
}

/// What there is to hold answers of one repository against.
struct Known<'a> {
    /// How practices stand, as far as who asks may know.
    practices: &'a [KeptPractice],
    /// Its lines, the oldest first.
    lines: &'a [RepositoryRecord],
    /// The moment that is asked for.
    as_of: Timestamp,
}

impl Known<'_> {
    fn program(&self, requirement: &Requirement) -> Vec<ProgramVerdict> {
        let of = |id: &&str| self.practices.iter().find(|one| one.practice == **id);
        let found = requirement.practices.iter().filter_map(of);
        found.map(|one| ProgramVerdict { practice: one.practice.clone(), outcome: one.outcome }).collect()
    }

    /// Why an answer is old.
    fn old(&self, record: &SelfAssessmentRecord) -> Option<OldBecause> {
        if record.about.version != PUBLIC_CODE.1 {
            return Some(OldBecause::Standard);
        }
        if record.moment.months_later(FRESH_MONTHS) < self.as_of {
            return Some(OldBecause::Year);
        }
        let then = self.lines.iter().rev().find(|line| line.moment <= record.moment)?;
        let now = self.lines.last()?;
        is_another(&then.repository, &now.repository).then_some(OldBecause::Change)
    }

    fn row(&self, requirement: Requirement, said: Option<&SelfAssessmentRecord>) -> RequirementRow {
        let program = self.program(&requirement);
        let is_wanting = program.iter().any(|one| one.outcome == Outcome::NotMet);
        let is_shown = !program.is_empty() && program.iter().all(|one| one.outcome == Outcome::Met);
        let old = said.and_then(|said| self.old(said));
        let is_answered = old.is_none() && said.is_some_and(|said| said.said.answer != SelfAnswer::DoNotKnow);
        RequirementRow {
            criterion: requirement.criterion.to_owned(),
            strength: requirement.strength,
            answer: said.map(|said| said.said.answer),
            reason: said.map(|said| said.said.reason.clone()).unwrap_or_default(),
            evidence: said.and_then(|said| said.said.evidence.clone()),
            said_by: said.map(|said| said.actor.clone()).filter(|actor| !actor.is_empty()),
            said: said.map(|said| said.moment),
            version: said.map(|said| said.about.version.clone()),
            old,
            contradicts: is_wanting && said.is_some_and(|said| said.said.answer.is_content()),
            is_open: !is_answered && !is_wanting && !is_shown,
            requirement: requirement.id,
            program,
        }
    }

    fn rows(&self, said: &[SelfAssessmentRecord]) -> Vec<RequirementRow> {
        let of = |requirement: Requirement| {
            let found = said.iter().find(|one| is_about(one, &requirement.id));
            self.row(requirement, found)
        };
        requirements().map(of).collect()
    }
}

fn is_about(record: &SelfAssessmentRecord, requirement: &str) -> bool {
    record.about.standard == PUBLIC_CODE.0 && record.about.requirement == requirement
}

/// Whether a repository changed so much that somebody should look again: another first number of its version (of `0.x` the first two),
/// another history, or other contents in most files.
fn is_another(then: &OwnRepository, now: &OwnRepository) -> bool {
    let version = |of: &OwnRepository| of.declared.version.as_deref().and_then(release_line);
    if version(then).zip(version(now)).is_some_and(|(then, now)| then != now) {
        return true;
    }
    let Some((then, now)) = then.look.as_ref().zip(now.look.as_ref()) else { return false };
    let has_other_roots =
        !then.roots.is_empty() && !now.roots.is_empty() && !then.roots.iter().any(|root| now.roots.contains(root));
    let has_marks = !then.marks.is_empty() && !now.marks.is_empty();
    has_other_roots || (has_marks && content_percent(&then.marks, &now.marks) < SAME_PERCENT)
}

/// The numbers of a version that tell of large changes; `None` for what begins with no number.
fn release_line(version: &str) -> Option<Vec<u64>> {
    let text = version.trim().trim_start_matches(['v', 'V']);
    let mut parts = text.split('.').map(|part| part.parse::<u64>());
    let first = parts.next()?.ok()?;
    let second = parts.next().and_then(std::result::Result::ok).unwrap_or_default();
    Some(if first == 0 { vec![0, second] } else { vec![first] })
}

/// Name and version of the standard.
fn standard_name() -> String {
    format!("{} {}", standard(Pack::Files).title, PUBLIC_CODE.1)
}

impl House {
    /// Requirements of the Standard for Public Code and what was said about a repository within sight.
    ///
    /// # Errors
    /// `unknown-repository`, `ambiguous-name`; when the ledger cannot be read.
    pub async fn self_assessment(
        &self,
        desk: &Desk,
        text: &str,
        agency: Option<&AgencyId>,
    ) -> Result<SelfAssessmentAnswer> {
        let record = self.repository_called(desk, text, agency).await?;
        let of = Some((&record.agency, record.address.as_str()));
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let mut said = reader.self_assessments(of, desk.overview().as_of).await?;
        said.retain(is_told);
        let mut rows = self
            .requirement_rows(
                (&record.agency, &record.address),
                &record.repository,
                &said,
                (desk.overview().as_of, desk.now),
            )
            .await?;
        if reader.repository_lines((&record.agency, &record.address), desk.overview().as_of).await?.is_empty() {
            // What is open is the agency's business.
            rows.retain(|row| row.answer.is_some());
        }
        Ok(SelfAssessmentAnswer {
            rows,
            overview: desk.overview(),
            name: super::catalogue::row((&record.agency, ""), &record.address, &record.repository).name,
            agency_name: desk.agency_name(&record.agency).to_owned(),
            agency: record.agency.0,
            address: record.address,
            standard: standard_name(),
        })
    }

    /// The same for everybody, of a public repository whose agency publishes how practices stand: answers with agency and day, without
    /// reasons. Who said it is told only where the house wants that: an employee answers for the agency and not for themselves, and a name
    /// beside "not met" on a page of the whole world helps nobody to mend it.
    pub(super) async fn public_self_assessments(
        &self,
        records: &[PublicRepositoryRecord],
        now: Timestamp,
    ) -> Result<BTreeMap<usize, Vec<RequirementRow>>> {
        let reader = self.ledger.reader(Viewer::Operator, now);
        let mut said: BTreeMap<(String, String), Vec<SelfAssessmentRecord>> = BTreeMap::new();
        for mut one in reader.self_assessments(None, now).await? {
            one.is_whole = false;
            one.said = SelfAssessment { answer: one.said.answer, ..SelfAssessment::default() };
            if !self.settings.names_assessors {
                one.actor.clear();
            }
            if is_told(&one) {
                said.entry((one.agency.0.clone(), one.address.clone())).or_default().push(one);
            }
        }
        let mut found = BTreeMap::new();
        for (at, record) in records.iter().enumerate().filter(|(_, record)| record.repository.publishes_scorecard) {
            let Some(said) = said.get(&(record.agency.0.clone(), record.address.clone())) else { continue };
            let mut rows =
                self.requirement_rows((&record.agency, &record.address), &record.repository, said, (now, now)).await?;
            rows.retain(|row| row.answer.is_some());
            found.insert(at, rows);
        }
        Ok(found)
    }

    /// Whether a repository changed much is one bit about an answer that who asks may read; so the lines are read whatever else is hidden.
    async fn requirement_rows(
        &self,
        of: (&AgencyId, &str),
        repository: &OwnRepository,
        said: &[SelfAssessmentRecord],
        (as_of, now): (Timestamp, Timestamp),
    ) -> Result<Vec<RequirementRow>> {
        let reader = self.ledger.reader(Viewer::Operator, now);
        let lines = if said.is_empty() { Vec::new() } else { reader.repository_lines(of, as_of).await? };
        let practices = repository.look.as_ref().map(|look| look.practices.as_slice()).unwrap_or_default();
        Ok(Known { practices, lines: &lines, as_of }.rows(said))
    }

    /// All answers within sight.
    pub(super) async fn said_rows(&self, desk: &Desk) -> Result<Vec<SaidRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let mut said = reader.self_assessments(None, desk.overview().as_of).await?;
        said.retain(is_told);
        let mut found = Vec::new();
        for record in self.repository_records(desk).await? {
            let own: Vec<SelfAssessmentRecord> =
                said.extract_if(.., |one| one.agency == record.agency && one.address == record.address).collect();
            if own.is_empty() {
                continue;
            }
            let rows = self
                .requirement_rows(
                    (&record.agency, &record.address),
                    &record.repository,
                    &own,
                    (desk.overview().as_of, desk.now),
                )
                .await?;
            let rows = rows.into_iter().filter(|row| row.answer.is_some());
            let of = |said| SaidRow { agency: record.agency.0.clone(), address: record.address.clone(), said };
            found.extend(rows.map(of));
        }
        Ok(found)
    }

    /// Writes down what somebody says about requirements of a repository, by their names.
    ///
    /// # Errors
    /// `invalid-self-assessment` also for a requirement that the standard does not have, `unknown-repository`, `ambiguous-name`,
    /// `too-long`, `not-allowed`, and what the ledger says.
    pub async fn assess(
        &self,
        author: &Author,
        (text, agency): (&str, Option<&AgencyId>),
        answers: Vec<(String, SelfAssessment)>,
    ) -> Result<()> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let found = self.repository_called(&desk, text, agency).await?;
        let mut said = Vec::with_capacity(answers.len());
        for (requirement, mut one) in answers {
            if !requirements().any(|known| known.id == requirement) {
                let told = format!("{} has no requirement {requirement:?}", standard_name());
                return Err(OfficeError::new("invalid-self-assessment", told)
                    .hint("`underpin catalogue assess ADDRESS --list --all` shows their names"));
            }
            one.reason = one.reason.replace("\r\n", "\n").trim().to_owned();
            one.evidence = one.evidence.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            let (standard, version) = PUBLIC_CODE;
            let about = AboutRequirement { standard: standard.to_owned(), version: version.to_owned(), requirement };
            said.push((about, one));
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_self_assessments(author.at, (&found.agency, &found.address), said).await?;
        Ok(())
    }
}

/// Whether who asks may be told of an answer.
fn is_told(record: &SelfAssessmentRecord) -> bool {
    record.is_whole || !NOT_TOLD.contains(&record.about.requirement.as_str())
}

#[cfg(test)]
#[path = "self_assessment_tests.rs"]
mod tests;
