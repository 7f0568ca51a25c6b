// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rules waive`, `rules waivers`: who need not keep a rule of the house for a while, who asked for that, who granted it, and what guards
//! meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;

use underpin_formats::rulebook::{Rule, WaiverConditions};
use underpin_lake::Value;
use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::rules::Subject;
use underpin_model::waivers::{Granter, RuleWaiver, WaiverChange, WaiverId, WaiverState, WaiverTerms};

use super::house_asked::Asked;
use super::house_check::is_chosen;
use super::house_rules::{Member, Picture, picture};
use super::rulebooks::{Rulebook, shipped, shipped_ids};
use super::waiver_rows::{WaiverCounts, WaiverRow, WaiversAnswer, row};
use crate::coordinator::Author;
use crate::coordinator::kept_tables::KeptTables;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Which waivers are looked at.
#[derive(Clone, Debug, Default)]
pub struct WaiverQuery {
    /// Those of a rulebook, or of a rule of it (`book/rule`).
    pub rule: Option<String>,
    /// Those that stand so.
    pub state: Option<WaiverState>,
    /// Those of an agency with everything below it.
    pub agency: Option<String>,
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct WaiverWish {
    /// The rule, by its name in the book.
    pub rule: String,
    /// Who or what need not keep it: a system, an agency, a purl, an address, as the rule names it.
    pub about: String,
    /// Of what several agencies have, the agency for which it is to hold.
    pub agency: Option<String>,
    /// The first day; today when not said.
    pub from: Option<Timestamp>,
    /// The last day.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// What guards meanwhile.
    pub compensation: String,
    /// Up to whom it may be seen.
    pub classification: Classification,
}

/// Who may see a waiver, beside who reads where it is decided.
struct Marking {
    seen_with: Option<SystemId>,
    classification: Classification,
    compartments: BTreeSet<String>,
}

impl House {
    /// Waivers within sight, as they stood at the moment of a desk.
    pub(super) async fn waivers_of(&self, desk: &Desk) -> Result<Vec<RuleWaiver>> {
        Ok(self.ledger.reader(desk.viewer.clone(), desk.now).rule_waivers(desk.snapshot.at).await?)
    }

    /// The list of them.
    ///
    /// # Errors
    /// `not-found` for an agency out of sight; when the ledger cannot be read.
    pub async fn waivers(&self, desk: &Desk, query: &WaiverQuery) -> Result<WaiversAnswer> {
        let chosen = desk.chosen(query.agency.as_deref())?;
        let mut rows: Vec<WaiverRow> = self.waivers_of(desk).await?.iter().map(|one| row(desk, one)).collect();
        rows.retain(|row| {
            let name = format!("{}/{}", row.rulebook, row.rule);
            let is_meant = |wanted: &String| *wanted == name || *wanted == row.rulebook;
            let is_there = |agency: &str| is_chosen(&chosen, agency);
            query.rule.as_ref().is_none_or(is_meant)
                && query.state.is_none_or(|state| row.state == state)
                && (chosen.is_none() || row.agency.as_deref().is_some_and(is_there))
        });
        rows.sort_by_key(|row| (row.state, row.days_left.abs()));
        Ok(WaiversAnswer { overview: desk.overview(), counts: WaiverCounts::of(&rows), rows })
    }

    /// Asks for a waiver; its number. Somebody else has to grant it.
    ///
    /// # Errors
    /// `no-rule`; `not-waivable` where the rule lets nobody off, or another book's owner alone does; `not-found` for whom the rule does
    /// not ask about; `usage` where several agencies have it and none was named; `invalid-waiver`, `empty-reason`, `too-long`,
    /// `not-allowed`, and as [`House::check_rules`].
    pub async fn propose_waiver(&self, author: &Author, book: &Rulebook, wish: WaiverWish) -> Result<WaiverId> {
        let (rule, conditions, granter) = waivable(book, &wish.rule)?;
        let desk = Arc::new(self.desk(author.viewer.clone(), author.at).await?);
        let about = match rule.subject {
            Subject::System => desk.system_called(&wish.about)?.id.0.clone(),
            Subject::Agency => desk.agency_called(&wish.about)?.id.0.clone(),
            _ => wish.about.trim().to_owned(),
        };
        let kept = KeptTables::default();
        let asked = Asked::House(self, &desk, &kept);
        let found = picture(&asked, &book.book.id, rule).await?;
        let member = found.members.iter().find(|member| member.id == about).ok_or_else(|| {
            let name = format!("{}/{}", book.book.id, rule.id);
            OfficeError::new("not-found", format!("{about:?} is not among those that {name} asks about"))
                .hint(format!("`underpin rules check {name}` names all of them within your sight"))
        })?;
        let agency = match rule.subject {
            Subject::System | Subject::Agency => None,
            _ => one_agency(&desk, &found, member, wish.agency.as_deref())?,
        };
        let marking = marking(&asked, &desk, (rule.subject, &about), agency.as_ref()).await?;
        let terms = WaiverTerms {
            rulebook: book.book.id.clone(),
            rule: rule.id.clone(),
            version: rule.version,
            subject: rule.subject,
            about,
            agency,
            from: wish.from.unwrap_or(author.at),
            until: wish.until,
            reason: wish.reason,
            compensation: wish.compensation,
            granter,
            longest_days: conditions.longest_days(),
            seen_with: marking.seen_with,
            classification: marking.classification.max(wish.classification),
            compartments: marking.compartments.into_iter().collect(),
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.propose_waiver(author.at, terms).await?)
    }

    /// Grants, refuses or withdraws a waiver.
    ///
    /// # Errors
    /// `unknown-waiver`, `not-allowed`, `same-granter`, `waiver-settled`, `empty-reason`, `too-long`.
    pub async fn change_waiver(&self, author: &Author, id: WaiverId, what: WaiverChange) -> Result<()> {
        self.ledger.writer(&author.actor, author.viewer.clone()).change_waiver(author.at, id, what).await?;
        Ok(())
    }
}

/// A rule of which waivers are kept as records, its conditions, and who grants them.
fn waivable<'b>(book: &'b Rulebook, name: &str) -> Result<(&'b Rule, &'b WaiverConditions, Granter)> {
    let id = &book.book.id;
    let rule = book.rules.iter().find(|rule| rule.id == name && rule.subject.is_of_the_house());
    let rule = rule.ok_or_else(|| {
        OfficeError::new("no-rule", format!("there is no rule {name:?} over the house in {id}")).hint(
            "`underpin rules list` shows all; clauses of bills of materials are waived with `underpin contract waive`",
        )
    })?;
    let refused = |detail: String, hint: String| Err(OfficeError::new("not-waivable", detail).hint(hint));
    if let Some(home) = rule.of_book.as_ref() {
        return refused(
            format!("{id} took {name} over from {home}, and only who owns it lets somebody off it"),
            format!("ask for a waiver of {home}/{name}; where that is granted, it holds in {id}, too"),
        );
    }
    if shipped_ids().any(|known| known == id) && shipped(id)? != *book {
        return refused(
            format!("{id} is the name of a shipped rulebook, and this is another one"),
            "give a rulebook of your own a name of its own".to_owned(),
        );
    }
    let conditions = rule.waiver_in(&book.book);
    let granted = conditions.and_then(|conditions| Some((rule, conditions, conditions.granted_by?)));
    granted.map_or_else(
        || {
            let silent = "its rulebook says nothing of waivers: granted_by, in its waiver, says who grants them";
            let why = conditions.map_or(silent, |conditions| conditions.en.as_str());
            refused(format!("{id}/{name} lets nobody off by a record here"), why.to_owned())
        },
        Ok,
    )
}

/// Rules of which waivers are kept, shipped ones: rulebook and rule.
///
/// # Errors
/// `rule-refused`, which would be a fault of this program.
pub fn waivable_rules() -> Result<Vec<(Rulebook, Vec<Rule>)>> {
    let mut all = Vec::new();
    for book in shipped_ids().map(shipped) {
        let book = book?;
        let own: Vec<Rule> = book.rules.iter().filter(|rule| waivable(&book, &rule.id).is_ok()).cloned().collect();
        if !own.is_empty() {
            all.push((book, own));
        }
    }
    Ok(all)
}

/// The agency for which it is to hold; none where the subject is of none.
fn one_agency(desk: &Desk, found: &Picture, member: &Member, wanted: Option<&str>) -> Result<Option<AgencyId>> {
    let known: Vec<&str> = found.agencies_of(member).collect();
    if let Some(wanted) = wanted {
        let agency = desk.agency_called(wanted)?.id.clone();
        return match known.contains(&agency.0.as_str()) {
            true => Ok(Some(agency)),
            false => Err(OfficeError::new("not-found", format!("{} has no {:?}", agency.0, member.id))),
        };
    }
    match known.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(AgencyId((*only).to_owned()))),
        _ => Err(OfficeError::new("usage", format!("several agencies have {:?}, and a waiver is for one", member.id))
            .hint(format!("name it with --agency: {}", known.join(", ")))),
    }
}

/// Nobody may learn from a waiver what they may not know: that a package is used where they see nothing.
async fn marking(
    asked: &Asked<'_>,
    desk: &Desk,
    (subject, about): (Subject, &str),
    agency: Option<&AgencyId>,
) -> Result<Marking> {
    let open = Marking { seen_with: None, classification: Classification::Public, compartments: BTreeSet::new() };
    match (subject, agency) {
        (Subject::System | Subject::Agency | Subject::Repository, _) => return Ok(open),
        (Subject::Package, Some(agency)) => {
            let quoted = |text: &str| text.replace('\'', "''");
            let text = format!(
                "SELECT DISTINCT system FROM use WHERE agency = '{}' AND purl = '{}'",
                quoted(&agency.0),
                quoted(about)
            );
            let rows = asked.ask(&text).await?;
            let systems = rows.rows.iter().filter_map(|row| match &row[..] {
                [Value::Text(system)] => desk.system_position(system).map(|position| desk.system(position)),
                _ => None,
            });
            // The one that most people see.
            let least =
                systems.min_by_key(|system| (system.compartments.len(), system.classification, system.id.0.clone()));
            if let Some(system) = least {
                return Ok(Marking { seen_with: Some(system.id.clone()), ..open });
            }
        }
        _ => {}
    }
    // Where nobody can say through what it is known, only who sees as much as its author does.
    let systems = &desk.snapshot.systems;
    Ok(Marking {
        classification: systems.iter().map(|system| system.classification).max().unwrap_or(open.classification),
        compartments: systems.iter().flat_map(|system| system.compartments.iter().cloned()).collect(),
        ..open
    })
}
