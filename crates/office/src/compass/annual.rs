// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `report annual`: what the office did in a year, in numbers from what it holds. Each names the page and the command that give its rows
//! as of the same moment; the same command gives the same report.

use underpin_model::compass::{AnnualLine, AnnualReport, AnnualSection, CommentState, OfficeRole, RoleState};
use underpin_model::engagement::PromiseState;
use underpin_model::incidents::Incident;
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::waivers::WaiverState;
use underpin_model::watch::Tlp;
use underpin_model::{Coverage, Timestamp};

use super::facts::Known;
use super::roles::RolesAnswer;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::regulator::WaiverRow;
use crate::supporter::conversations::ConversationsAnswer;

/// The year's first moment, and the last one that belongs to it.
///
/// # Errors
/// `usage` for a year that is none.
pub fn year_bounds(year: u16) -> Result<(Timestamp, Timestamp)> {
    let first = |year: u16| format!("{year:04}-01-01T00:00:00Z").parse::<Timestamp>();
    match (first(year), first(year.saturating_add(1))) {
        (Ok(from), Ok(next)) if year >= 1970 => Ok((from, Timestamp(next.0 - 1))),
        _ => Err(OfficeError::new("usage", format!("{year} is no year")).hint("name one like 2026")),
    }
}

impl House {
    /// The moment that the report of a year is about: its end, or the present while it runs.
    ///
    /// # Errors
    /// `usage` for a year that is none, or has not begun.
    pub fn annual_moment(&self, year: u16, now: Timestamp) -> Result<Timestamp> {
        let (from, end) = year_bounds(year)?;
        if now < from {
            return Err(OfficeError::new("usage", format!("{year} has not begun")).hint("name a year that has"));
        }
        Ok(end.min(now))
    }

    /// The report of a year, at a desk whose moment lies in it.
    ///
    /// # Errors
    /// `not-allowed` for who does not read for the whole government, `usage` for another year than that of the desk; when the ledger
    /// cannot be read, or a segment is missing or damaged.
    pub async fn annual_report(&self, desk: &Desk, year: u16) -> Result<AnnualReport> {
        if !desk.viewer.may_everywhere(Act::Read) {
            return Err(OfficeError::new("not-allowed", "the annual report is about the whole government")
                .hint("ask somebody who reads for it"));
        }
        let (from, end) = year_bounds(year)?;
        let until = desk.overview().as_of;
        if until < from || until > end {
            return Err(OfficeError::new("usage", format!("{until} is not in {year}"))
                .hint("name a moment of that year, or none"));
        }
        let known = self.compass_facts(desk).await?;
        let roles = self.roles(desk).await?;
        let mut lines = Lines { rows: Vec::new(), until };
        let in_year = |at: Timestamp| from <= at && at <= until;
        lines.mandate(known, year);
        lines.roles(&roles, &in_year);
        let learned = desk.snapshot.documents.iter().filter(|one| in_year(one.learned)).count() as u64;
        lines.inventory(known, learned);
        lines.incidents(known, &in_year);
        lines.rules(known, &in_year);
        lines.role_model(known, &in_year);
        lines.support(known, &in_year);
        lines.listening(known, &in_year);
        lines.unknown(known);
        Ok(AnnualReport {
            year,
            from,
            until,
            is_running: until < end,
            tlp: marking(known),
            clearance: desk.viewer.clearance(),
            command: format!("report annual --year {year} --as-of {until}"),
            rows: lines.rows,
        })
    }
}

/// The strictest marking of what is counted. A number tells of what is in it, so the report goes no further than that may.
fn marking(known: &Known) -> Tlp {
    let incidents = known.incidents.iter().flatten().map(|row| &row.incident);
    let is_classified = |one: &Incident| one.classification > Classification::Internal;
    let is_case = |found: &ConversationsAnswer| found.rows.iter().any(|row| row.case.is_some());
    let is_confidential = known.counts_confidential
        || incidents.clone().any(is_classified)
        || known.conversations.as_ref().is_some_and(is_case);
    let is_confidential =
        is_confidential || known.waivers.iter().flatten().any(|one| one.classification > Classification::Internal);
    let published = known.publications.iter().flatten().map(|one| one.tlp);
    let counted = incidents.map(|one| one.tlp).chain(published);
    // What is promised to whom, and what is not known, is for the office to hand on.
    counted.fold(if is_confidential { Tlp::Amber } else { Tlp::Green }, Tlp::max)
}

struct Lines {
    rows: Vec<AnnualLine>,
    until: Timestamp,
}

type InYear<'f> = &'f dyn Fn(Timestamp) -> bool;

impl Lines {
    fn put(
        &mut self,
        section: AnnualSection,
        code: &str,
        (count, of): (Option<u64>, Option<u64>),
        (path, command): (&str, &str),
    ) {
        let joined = if path.contains('?') { '&' } else { '?' };
        self.rows.push(AnnualLine {
            section,
            code: code.to_owned(),
            count,
            of,
            is_money: false,
            href: format!("{path}{joined}as-of={}", self.until),
            command: format!("underpin {command} --as-of {}", self.until),
        });
    }

    fn money(&mut self, section: AnnualSection, code: &str, cents: Option<i64>, from: (&str, &str)) {
        self.put(section, code, (cents.map(i64::unsigned_abs), None), from);
        if let Some(line) = self.rows.last_mut() {
            line.is_money = true;
        }
    }

    fn mandate(&mut self, known: &Known, year: u16) {
        let (section, from) = (AnnualSection::Mandate, ("/mandate", "mandate show"));
        let card = known.card();
        // The money of another year says nothing about this one.
        let of_year = card.filter(|card| card.budget_year == Some(year));
        self.money(section, "annual-budget", of_year.and_then(|card| card.budget_cents), from);
        let agreed = known.mandate.as_ref().map(|answer| answer.agreed() as u64);
        self.put(section, "annual-agreements", (agreed, known.agencies), from);
        let unknown = known.mandate.as_ref().map(|answer| answer.unknown.len() as u64);
        self.put(section, "annual-mandate-unknown", (unknown, None), from);
    }

    fn roles(&mut self, roles: &RolesAnswer, in_year: InYear<'_>) {
        let (section, from) = (AnnualSection::Roles, ("/roles", "roles"));
        let active = roles.roles.iter().filter(|one| one.standing.state == RoleState::Active).count() as u64;
        self.put(section, "annual-roles-active", (Some(active), Some(OfficeRole::ALL.len() as u64)), from);
        let assumed = roles.roles.iter().filter(|one| one.standing.is_assumed).count() as u64;
        self.put(section, "annual-roles-assumed", (Some(assumed), Some(active)), from);
        let steps = || roles.steps.iter().filter(|one| in_year(one.written));
        let unheard = steps().filter(|one| one.step.exception.is_some()).count() as u64;
        self.put(section, "annual-role-steps", (Some(steps().count() as u64), None), from);
        self.put(section, "annual-unheard", (Some(unheard), Some(steps().count() as u64)), from);
    }

    fn inventory(&mut self, known: &Known, learned: u64) {
        let section = AnnualSection::Inventory;
        let (found, systems) = known.coverage.map(|coverage| (coverage.known, coverage.systems())).unzip();
        self.put(section, "annual-agencies", (known.agencies, None), ("/agencies", "registry list agencies"));
        self.put(section, "annual-systems-known", (found, systems), ("/coverage?state=known", "coverage"));
        let documents = ("/documents", "documents list");
        self.put(section, "annual-documents-new", (known.documents.map(|_| learned), known.documents), documents);
        let rounds = known.rounds.as_ref().map(|rounds| rounds.len() as u64);
        self.put(section, "annual-rounds", (rounds, None), ("/rounds", "round list"));
    }

    fn incidents(&mut self, known: &Known, in_year: InYear<'_>) {
        let (section, from) = (AnnualSection::Incidents, ("/incidents", "incident list"));
        let count = |is_drill: bool, counts: &dyn Fn(&Incident) -> bool| {
            let rows = known.incidents.as_ref()?.iter().map(|row| &row.incident);
            Some(rows.filter(|one| one.is_drill == is_drill && counts(one)).count() as u64)
        };
        let opened = |one: &Incident| in_year(one.opened);
        let closed = |one: &Incident| one.closed.is_some_and(in_year);
        self.put(section, "annual-incidents-opened", (count(false, &opened), None), from);
        self.put(section, "annual-incidents-closed", (count(false, &closed), None), from);
        self.put(section, "annual-drills", (count(true, &opened), None), from);
    }

    fn rules(&mut self, known: &Known, in_year: InYear<'_>) {
        let section = AnnualSection::Rules;
        let count = |counts: &dyn Fn(&WaiverRow) -> bool| {
            known.waivers.as_ref().map(|rows| rows.iter().filter(|row| counts(row)).count() as u64)
        };
        let is_granted = |row: &WaiverRow| !matches!(row.state, WaiverState::Refused | WaiverState::Lapsed);
        let granted = |row: &WaiverRow| is_granted(row) && row.answered.is_some_and(in_year);
        let day = |row: &WaiverRow| row.until.parse::<Timestamp>().ok();
        let ran_out = |row: &WaiverRow| row.state == WaiverState::RanOut && day(row).is_some_and(in_year);
        let of = |state: WaiverState| count(&|row| row.state == state);
        let all = ("/rules/waivers", "rules waivers");
        self.put(section, "annual-waivers-granted", (count(&granted), None), all);
        for (code, counted, path, command) in [
            (
                "annual-waivers-hold",
                of(WaiverState::Holds),
                "/rules/waivers?state=holds",
                "rules waivers --state holds",
            ),
            (
                "annual-waivers-ran-out",
                count(&ran_out),
                "/rules/waivers?state=ran-out",
                "rules waivers --state ran-out",
            ),
            (
                "annual-waivers-asked-for",
                of(WaiverState::AskedFor),
                "/rules/waivers?state=asked-for",
                "rules waivers --state asked-for",
            ),
        ] {
            self.put(section, code, (counted, None), (path, command));
        }
    }

    fn role_model(&mut self, known: &Known, in_year: InYear<'_>) {
        let section = AnnualSection::RoleModel;
        let rows = known.repositories.as_ref();
        let looked = rows.map(|rows| rows.iter().filter(|row| row.looked.is_some()).count() as u64);
        let all = rows.map(|rows| rows.len() as u64);
        self.put(section, "annual-repositories", (looked, all), ("/catalogue", "catalogue list"));
        let standing = known.publications.as_ref();
        let published = standing.map(|all| all.iter().filter(|one| in_year(one.first)).count() as u64);
        self.put(section, "annual-publications", (published, None), ("/publications/drafts", "publish list"));
    }

    fn support(&mut self, known: &Known, in_year: InYear<'_>) {
        let (section, from) = (AnnualSection::Support, ("/commitments", "commitment list"));
        let promises = known.commitments.as_ref();
        let made = promises.map(|answer| {
            let approved = |row: &&crate::supporter::commitments::CommitmentRow| {
                row.record.approved.as_ref().is_some_and(|(_, at)| in_year(*at))
            };
            answer.rows.iter().filter(approved).count() as u64
        });
        self.put(section, "annual-promises-made", (made, None), from);
        let all = promises.map(|answer| answer.states.iter().map(|one| u64::from(one.commitments)).sum::<u64>());
        for (code, state) in [
            ("annual-promises-kept", PromiseState::Kept),
            ("annual-promises-late", PromiseState::Late),
            ("annual-promises-withdrawn", PromiseState::Withdrawn),
        ] {
            let count = promises.map(|answer| {
                let of = answer.states.iter().filter(|one| one.state == state);
                of.map(|one| u64::from(one.commitments)).sum::<u64>()
            });
            self.put(section, code, (count, all), from);
        }
        let paid = promises.map(|answer| {
            let payments = answer.rows.iter().flat_map(|row| &row.record.payments).filter(|one| in_year(one.at));
            payments.fold(0_i64, |sum, one| sum.saturating_add(one.amount_cents))
        });
        self.money(section, "annual-paid", paid, from);
        let talks = known
            .conversations
            .as_ref()
            .map(|found| found.rows.iter().filter(|one| in_year(one.opened)).count() as u64);
        self.put(section, "annual-conversations", (talks, None), ("/engagements", "contact list"));
    }

    fn listening(&mut self, known: &Known, in_year: InYear<'_>) {
        let (section, from) = (AnnualSection::Listening, ("/consultations", "consultation list"));
        let held = || known.consultations.iter();
        let published = held().filter(|one| one.published.as_ref().is_some_and(|done| in_year(done.moment)));
        let closed = held().filter(|one| one.closed.as_ref().is_some_and(|done| in_year(done.moment)));
        self.put(section, "annual-consultations", (Some(published.count() as u64), None), from);
        self.put(section, "annual-consultations-closed", (Some(closed.count() as u64), None), from);
        let comments = || held().flat_map(|one| &one.comments).filter(|one| in_year(one.moment));
        let shown = || comments().filter(|one| one.state == CommentState::Shown);
        let answered = shown().filter(|one| one.answer.is_some()).count() as u64;
        self.put(section, "annual-comments", (Some(comments().count() as u64), None), from);
        self.put(section, "annual-comments-answered", (Some(answered), Some(shown().count() as u64)), from);
    }

    /// What the office cannot say: it belongs into every report.
    fn unknown(&mut self, known: &Known) {
        let section = AnnualSection::Unknown;
        let coverage = known.coverage.as_ref();
        let systems = coverage.map(Coverage::systems);
        for (code, count, path) in [
            ("annual-systems-blind", coverage.map(|of| of.blind), "/coverage?state=blind"),
            ("annual-systems-stale", coverage.map(|of| of.stale), "/coverage?state=stale"),
            ("annual-systems-unknown", coverage.map(|of| of.unknown), "/coverage?state=unknown"),
        ] {
            self.put(section, code, (count, systems), (path, "coverage"));
        }
        let feeds = (Some(known.old_editions), Some(known.feeds));
        self.put(section, "annual-sources-stale", feeds, ("/sources", "watch status"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_ends_where_the_next_begins() {
        let (from, end) = year_bounds(2026).expect("a year");
        assert_eq!(from.to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(end.to_string(), "2026-12-31T23:59:59.999999Z");
        assert_eq!(year_bounds(2027).expect("a year").0.0, end.0 + 1);
        assert!(year_bounds(3).is_err());
    }
}
