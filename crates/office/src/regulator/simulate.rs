// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rules simulate`: what if a rule applied. One query, and everything else is counted from its rows: alternatives and waves ask
//! nothing anew, so they cannot disagree.
//!
//! The house is taken as it is in the picture, and the day is moved: what falls due until then has fallen due. Nothing is guessed
//! about what people do meanwhile: inventories and feeds are taken for as fresh as they are in the picture, and the first sentence says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use underpin_formats::rulebook::Rule;
use underpin_model::limits::bounds::RULE_PLACES;
use underpin_model::registry::{AgencyId, Exposure, ProtectionNeed};
use underpin_model::rules::{RuleVerdict, Subject, Work};
use underpin_model::waivers::RuleWaiver;
use underpin_model::watch::SOURCES;
use underpin_model::{Timestamp, Viewer};

use super::house_asked::Asked;
use super::house_check::{RuleTally, date, head, in_force};
use super::house_rules::{Cause, Member, Picture, day_of, picture, verdict};
use super::rulebooks::Rulebook;
use super::simulated::{AgencyChange, Alternative, Effort, Hit, Simulation, Stuck, Upstream, Vendor, Wave};
use super::waived::LetOff;
use crate::coordinator::kept_tables::KeptTables;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Days more that an alternative gives.
const MORE_DAYS: i64 = 90;

/// Days from the first one until the end of each wave, unless somebody says otherwise.
pub const PHASES_DAYS: [u32; 3] = [90, 180, 365];

const NO_QUESTIONNAIRES: [&str; 2] = [
    "No reason of a rule can name a project as the one who has to work: its format has words for the agency, the vendor under contract and the office alone. What is wanted of a project goes through the gate of contacts, one conversation at a time.",
    "Kein Grund einer Regel kann ein Projekt als den nennen, der zu arbeiten hat: Ihr Format kennt nur Behörde, Anbieter unter Vertrag und Büro. Was man von einem Projekt will, geht durch die Schleuse der Kontakte, ein Gespräch nach dem anderen.",
];

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct SimulationQuery {
    /// The rule, by its name in the book.
    pub rule: String,
    /// The day from which it would apply; the day of the picture when not said.
    pub from: Option<Timestamp>,
    /// Days until the end of each wave; three, rising.
    pub phases_days: Vec<u32>,
}

/// How near to an attacker a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Front,
    Inner,
    Rest,
    All,
}

impl Who {
    fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Inner => "inner",
            Self::Rest => "rest",
            Self::All => "all",
        }
    }
}

/// One that is asked about, on the first day.
struct Stood<'p> {
    member: &'p Member,
    causes: &'p [Cause],
    verdict: RuleVerdict,
    /// Where it is not met: whether everything that counts can be mended and nothing is open.
    is_mendable: bool,
    /// Where it is not met: whether nothing mends some of it today.
    is_stuck: bool,
    /// Where it is not met: whether it is let off on the first day, in all of its agencies.
    is_waived: bool,
    system: Option<u32>,
    who: Who,
}

impl House {
    /// Simulates a rule over the house.
    ///
    /// # Errors
    /// `no-rule`; `bad-phases`; as [`House::check_rules`].
    pub async fn simulate_rule(
        &self,
        desk: &Arc<Desk>,
        book: &Rulebook,
        query: &SimulationQuery,
        kept: &KeptTables,
    ) -> Result<Simulation> {
        let rule = book.rules.iter().find(|rule| rule.id == query.rule && rule.subject.is_of_the_house());
        let rule = rule.ok_or_else(|| {
            OfficeError::new("no-rule", format!("there is no rule {:?} over the house in {}", query.rule, book.book.id))
                .hint("`underpin rules list` shows all, as RULEBOOK/RULE")
        })?;
        let phases = if query.phases_days.is_empty() { PHASES_DAYS.to_vec() } else { query.phases_days.clone() };
        if phases.len() != PHASES_DAYS.len() || !phases.is_sorted() {
            return Err(OfficeError::new("bad-phases", format!("{phases:?} are not three rising numbers of days"))
                .hint("such as --phase 90,180,365: front, inner, rest"));
        }
        let found = picture(&Asked::House(self, desk, kept), &book.book.id, rule).await?;
        let waivers = self.waivers_of(desk).await?;
        let from = query.from.unwrap_or(desk.snapshot.at);
        let let_off = LetOff::of(&waivers, &book.book, rule, from);
        Simulated { desk, book, rule, found: &found, from, phases, waivers: &waivers, let_off }.report()
    }
}

struct Simulated<'s> {
    desk: &'s Desk,
    book: &'s Rulebook,
    rule: &'s Rule,
    found: &'s Picture,
    from: Timestamp,
    phases: Vec<u32>,
    waivers: &'s [RuleWaiver],
    /// Who is let off on the first day, by the waivers that are known in the picture.
    let_off: LetOff<'s>,
}

impl Stood<'_> {
    /// What counts on a day, with some days more, of one that has to do something: who is let off has not.
    fn counting(&self, day: i64, more_days: i64) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(move |cause| !self.is_waived && cause.counts(day, more_days))
    }

    /// Whether it has to do something.
    fn is_hit(&self) -> bool {
        self.verdict == RuleVerdict::NotMet && !self.is_waived
    }
}

/// What has to be worked on: the first part of the detail, else the place itself.
fn thing<'c>(member: &'c Member, cause: &'c Cause) -> &'c str {
    cause
        .detail
        .as_deref()
        .map_or(member.id.as_str(), |detail| detail.split_once("; ").map_or(detail, |(thing, _)| thing))
}

/// A purl without its version and what comes after it.
fn package(purl: &str) -> &str {
    let plain = purl.split(['?', '#']).next().unwrap_or(purl);
    plain.rsplit_once('@').map_or(plain, |(package, _)| package)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl<'s> Simulated<'s> {
    fn report(&self) -> Result<Simulation> {
        let day = day_of(self.from);
        let stood: Vec<Stood<'_>> =
            self.found.each().map(|(_, member, causes)| self.stood(member, causes, day)).collect();
        let mut counts = RuleTally::default();
        stood.iter().for_each(|one| counts.count(one.verdict, one.is_waived));
        let is_of_systems = self.rule.subject == Subject::System;
        let declared = |agency: &underpin_model::registry::Agency| agency.declared_systems.unwrap_or(0);
        let agencies = self.desk.snapshot.agencies.iter().filter(|_| is_of_systems);
        let mut report = Simulation {
            snapshot: self.desk.snapshot.revision,
            picture: self.desk.snapshot.at.date(),
            moment: self.desk.snapshot.at,
            sight: sight(&self.desk.viewer),
            head: head(self.book, self.rule),
            title: self.rule.title.en.clone(),
            title_de: self.rule.title.de.clone(),
            from: date(day),
            in_force: in_force(self.book, self.rule, self.from),
            phases_days: self.phases.clone(),
            counts,
            unregistered: agencies.map(declared).sum(),
            hit: self.hit(&stood, day),
            stuck: self.stuck(&stood, day),
            effort: self.effort(&stood, day),
            upstream: Upstream {
                questionnaires: 0,
                because: NO_QUESTIONNAIRES[0].to_owned(),
                because_de: NO_QUESTIONNAIRES[1].to_owned(),
            },
            agencies: self.agencies(&stood),
            alternatives: self.alternatives(&stood, day),
            waves: self.waves(&stood, day),
            tlp: self.found.tlp,
            input_digest: String::new(),
            digest: String::new(),
        };
        report.input_digest = self.input_digest(&report)?;
        let mut told = serde_json::to_value(&report).map_err(unwritable)?;
        // The revision grows with every write, also with those that its reader may not know of; the moment says the same.
        told["snapshot"] = serde_json::Value::Null;
        report.digest = digest(&told)?;
        Ok(report)
    }

    fn stood<'p>(&self, member: &'p Member, causes: &'p [Cause], day: i64) -> Stood<'p> {
        let verdict = verdict(causes, day, 0);
        let can = |cause: &Cause| self.found.reasons.get(cause.reason).is_some_and(|reason| reason.can_be_mended);
        let counting = || causes.iter().filter(|cause| cause.counts(day, 0));
        let is_broken = verdict == RuleVerdict::NotMet;
        let is_stuck = is_broken && counting().any(|cause| !cause.is_open && !can(cause));
        let is_mendable = is_broken && counting().all(|cause| !cause.is_open && can(cause));
        let is_system = self.rule.subject == Subject::System;
        let system = if is_system { self.desk.system_position(&member.id) } else { None };
        let who = if is_system { self.who(system) } else { Who::All };
        let is_waived = is_broken && self.let_off.lets_off(&member.id, self.found.agencies_of(member));
        Stood { member, causes, verdict, is_mendable, is_stuck, is_waived, system, who }
    }

    fn who(&self, system: Option<u32>) -> Who {
        let Some(system) = system.map(|position| self.desk.system(position)) else { return Who::Inner };
        let needs = [system.confidentiality, system.integrity, system.availability];
        let has = |wanted: ProtectionNeed| needs.contains(&wanted);
        if system.exposure == Exposure::Internet || has(ProtectionNeed::VeryHigh) {
            Who::Front
        } else if matches!(system.exposure, Exposure::Partners | Exposure::Unknown)
            || has(ProtectionNeed::High)
            || has(ProtectionNeed::Unknown)
        {
            Who::Inner
        } else {
            Who::Rest
        }
    }

    fn hit(&self, stood: &[Stood<'_>], day: i64) -> Hit {
        let hit = || stood.iter().filter(|one| one.is_hit());
        let agencies: BTreeSet<u32> = hit().flat_map(|one| one.member.agencies.iter().copied()).collect();
        let mut vendors: BTreeMap<&str, u64> = BTreeMap::new();
        let mut without_vendor = 0;
        for system in hit().filter_map(|one| one.system).map(|position| self.desk.system(position)) {
            match system.supplier.trim() {
                "" => without_vendor += 1,
                supplier => *vendors.entry(supplier).or_default() += 1,
            }
        }
        let packages: BTreeSet<&str> = hit()
            .flat_map(|one| one.counting(day, 0).map(move |cause| (one.member, cause)))
            .filter(|(_, cause)| self.work(cause) == Some(Work::Package))
            .map(|(member, cause)| package(thing(member, cause)))
            .collect();
        let mut first: Vec<Vendor> = vendors
            .iter()
            .map(|(vendor, systems)| Vendor { vendor: (*vendor).to_owned(), systems: *systems })
            .collect();
        first.sort_by(|a, b| b.systems.cmp(&a.systems).then_with(|| a.vendor.cmp(&b.vendor)));
        first.truncate(RULE_PLACES);
        Hit {
            subjects: count(hit().count()),
            agencies: count(agencies.len()),
            vendors: count(vendors.len()),
            first_vendors: first,
            without_vendor,
            packages: count(packages.len()),
        }
    }

    fn work(&self, cause: &Cause) -> Option<Work> {
        self.found.reasons.get(cause.reason).map(|reason| reason.work)
    }

    fn stuck(&self, stood: &[Stood<'_>], day: i64) -> Vec<Stuck> {
        let mut by_reason: BTreeMap<(bool, usize), Vec<&str>> = BTreeMap::new();
        for one in stood {
            let mut own: BTreeSet<(bool, usize)> = BTreeSet::new();
            for cause in one.counting(day, 0) {
                let can = self.found.reasons.get(cause.reason).is_some_and(|reason| reason.can_be_mended);
                if cause.is_open || !can {
                    own.insert((cause.is_open, cause.reason));
                }
            }
            own.into_iter().for_each(|key| by_reason.entry(key).or_default().push(&one.member.id));
        }
        let row = |((is_open, number), members): ((bool, usize), Vec<&str>)| {
            let reason = self.found.reasons.get(number)?;
            Some(Stuck {
                reason: reason.id.clone(),
                is_open,
                text: reason.text.en.clone(),
                text_de: reason.text.de.clone(),
                subjects: count(members.len()),
                first: members.into_iter().take(RULE_PLACES).map(str::to_owned).collect(),
            })
        };
        by_reason.into_iter().filter_map(row).collect()
    }

    fn effort(&self, stood: &[Stood<'_>], day: i64) -> Vec<Effort> {
        /// A reason, and what has to be worked on for it, each in its place.
        type Pieces<'a> = (usize, BTreeSet<(&'a str, &'a str)>);
        let mut pieces: BTreeMap<(&str, &str), Pieces<'_>> = BTreeMap::new();
        for one in stood {
            for cause in one.counting(day, 0) {
                let Some(reason) = self.found.reasons.get(cause.reason) else { continue };
                let entry = pieces
                    .entry((reason.work.as_str(), reason.bearer.as_str()))
                    .or_insert((cause.reason, BTreeSet::new()));
                entry.1.insert((&one.member.id, thing(one.member, cause)));
            }
        }
        let row = |(number, pieces): (usize, BTreeSet<(&str, &str)>)| {
            let reason = self.found.reasons.get(number)?;
            let things: BTreeSet<&str> = pieces.iter().map(|(_, thing)| *thing).collect();
            let subjects: BTreeSet<&str> = pieces.iter().map(|(subject, _)| *subject).collect();
            Some(Effort {
                work: reason.work,
                bearer: reason.bearer,
                pieces: count(pieces.len()),
                things: count(things.len()),
                subjects: count(subjects.len()),
            })
        };
        pieces.into_values().filter_map(row).collect()
    }

    /// Pieces of work of some, with some days more.
    fn pieces<'p>(&self, stood: impl Iterator<Item = &'p Stood<'p>>, day: i64, more_days: i64) -> u64 {
        let of_one = |one: &Stood<'_>| {
            let counting = one.counting(day, more_days);
            let own: BTreeSet<(Option<Work>, &str)> =
                counting.map(|cause| (self.work(cause), thing(one.member, cause))).collect();
            count(own.len())
        };
        stood.map(of_one).sum()
    }

    fn agencies(&self, stood: &[Stood<'_>]) -> Vec<AgencyChange> {
        let empty = |agency: &str| AgencyChange {
            agency: agency.to_owned(),
            name: self.desk.agency_name(&AgencyId(agency.to_owned())).to_owned(),
            asked: 0,
            before: 0,
            waived: 0,
            after: 0,
            stuck: 0,
            stuck_waived: 0,
            open: 0,
            unregistered: 0,
        };
        let mut told: Vec<AgencyChange> = self.found.agencies.iter().map(|agency| empty(agency)).collect();
        for one in stood {
            for agency in &one.member.agencies {
                let Some(row) = told.get_mut(*agency as usize) else { continue };
                row.asked += 1;
                let is_met = one.verdict == RuleVerdict::Met;
                row.before += u64::from(is_met);
                row.after += u64::from(is_met || one.is_mendable);
                row.stuck += u64::from(one.is_stuck);
                let is_broken = one.verdict == RuleVerdict::NotMet;
                let agency = self.found.agencies.get(*agency as usize).map(String::as_str);
                let is_let_off = is_broken && self.let_off.waiver(&one.member.id, agency).is_some();
                row.waived += u64::from(is_let_off);
                row.stuck_waived += u64::from(one.is_stuck && is_let_off);
                row.open += u64::from(!is_met && !one.is_mendable && !one.is_stuck);
            }
        }
        let mut all: BTreeMap<String, AgencyChange> =
            told.into_iter().filter(|row| row.asked > 0).map(|row| (row.agency.clone(), row)).collect();
        if self.rule.subject == Subject::System {
            for agency in &self.desk.snapshot.agencies {
                if let Some(declared) = agency.declared_systems.filter(|declared| *declared > 0) {
                    all.entry(agency.id.0.clone()).or_insert_with(|| empty(&agency.id.0)).unregistered = declared;
                }
            }
        }
        all.into_values().collect()
    }

    fn alternatives(&self, stood: &[Stood<'_>], day: i64) -> Vec<Alternative> {
        let system = |one: &Stood<'_>| one.system.map(|position| self.desk.system(position));
        let is_exposed = |one: &&Stood<'_>| {
            system(one).is_some_and(|system| matches!(system.exposure, Exposure::Internet | Exposure::Unknown))
        };
        let is_needed = |one: &&Stood<'_>| {
            system(one).is_some_and(|system| {
                let needs = [system.confidentiality, system.integrity, system.availability];
                needs.iter().any(|need| *need != ProtectionNeed::Normal)
            })
        };
        let one = |kind, chosen: Vec<&Stood<'_>>, more_days: i64| {
            let mut counts = RuleTally::default();
            chosen.iter().for_each(|one| counts.count(verdict(one.causes, day, more_days), one.is_waived));
            Alternative {
                kind,
                more_days: (more_days > 0).then_some(more_days),
                counts,
                pieces: chosen.iter().map(|one| self.pieces(std::iter::once(*one), day, more_days)).sum(),
            }
        };
        let mut all = vec![one("as-it-stands", stood.iter().collect(), 0)];
        if self.rule.subject == Subject::System {
            all.push(one("internet-only", stood.iter().filter(is_exposed).collect(), 0));
            all.push(one("high-need-only", stood.iter().filter(is_needed).collect(), 0));
        }
        if self.found.causes.iter().any(|cause| cause.due.is_some()) {
            all.push(one("longer", stood.iter().collect(), MORE_DAYS));
        }
        all
    }

    fn waves(&self, stood: &[Stood<'_>], day: i64) -> Vec<Wave> {
        let groups: Vec<(Who, u32)> = if self.rule.subject == Subject::System {
            [Who::Front, Who::Inner, Who::Rest].into_iter().zip(self.phases.iter().copied()).collect()
        } else {
            self.phases.last().map(|days| (Who::All, *days)).into_iter().collect()
        };
        let wave = |(number, (who, days)): (usize, (Who, u32))| {
            let until = day + i64::from(days);
            let own = || stood.iter().filter(move |one| one.who == who);
            let of = |wanted: RuleVerdict| own().filter(move |one| one.verdict == wanted);
            let then = Timestamp(until.saturating_mul(Timestamp::DAY_US));
            let let_off = LetOff::of(self.waivers, &self.book.book, self.rule, then);
            let breaks = |one: &&Stood<'_>| {
                verdict(one.causes, until, 0) == RuleVerdict::NotMet
                    && !let_off.lets_off(&one.member.id, self.found.agencies_of(one.member))
            };
            let is_free = |one: &&Stood<'_>| one.verdict == RuleVerdict::Met || one.is_waived;
            Wave {
                wave: count(number) + 1,
                who: who.as_str(),
                until: date(until),
                asked: count(own().count()),
                hit: count(own().filter(|one| one.is_hit()).count()),
                waived: count(own().filter(|one| one.is_waived).count()),
                pieces: own().map(|one| self.pieces(std::iter::once(one), day, 0)).sum(),
                stuck: count(own().filter(|one| one.is_stuck && one.is_hit()).count()),
                open: count(of(RuleVerdict::NotAssessed).count()),
                falls_due: count(own().filter(is_free).filter(breaks).count()),
            }
        };
        groups.into_iter().enumerate().map(wave).collect()
    }

    fn input_digest(&self, report: &Simulation) -> Result<String> {
        let reasons: Vec<_> = self.found.reasons.iter().map(|one| format!("{one:?}")).collect();
        let own =
            |one: &&RuleWaiver| one.terms.rulebook == self.rule.home(&self.book.book) && one.terms.rule == self.rule.id;
        let waivers: Vec<&RuleWaiver> = self.waivers.iter().filter(own).collect();
        let feed_days: Vec<_> = SOURCES.iter().map(|source| (source.id, source.stale_days)).collect();
        digest(&serde_json::json!({
            "rule": format!("{:?}", self.rule),
            "book": self.book.book.id,
            "reasons": reasons,
            "picture": report.picture,
            "moment": report.moment.0,
            "sight": report.sight,
            "from": report.from,
            "phases_days": report.phases_days,
            "stale_days": self.desk.limits.stale_days,
            "feed_days": feed_days,
            "waivers": waivers,
            "more_days": MORE_DAYS,
        }))
    }
}

fn unwritable(error: serde_json::Error) -> OfficeError {
    OfficeError::new("export", error.to_string())
}

fn digest(value: &serde_json::Value) -> Result<String> {
    let bytes = serde_json::to_vec(value).map_err(unwritable)?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whose sight it is, in a word that changes with every right.
fn sight(viewer: &Viewer) -> String {
    match serde_json::to_value(viewer) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => format!("{viewer:?}"),
    }
}
