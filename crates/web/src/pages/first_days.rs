// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The first 30 days, step by step: what is done and what is not follows from what the house holds, as the reader sees it. Nobody ticks
//! anything.

use underpin_model::Coverage;
use underpin_model::people::Act;
use underpin_office::people::Admitter;
use underpin_office::watch::estate::Watched;
use underpin_render::{Argument, standing, text};

use crate::error::WebError;
use crate::frame::Frame;
use crate::house::{Seat, WebHouse};
use crate::visitor::Person;

/// A step.
pub struct Step {
    /// What is to be done.
    pub words: String,
    /// How far it is.
    pub note: String,
    /// Where it is done; empty for who may not do it.
    pub href: &'static str,
    /// The command that does it.
    pub command: &'static str,
    /// Whether it is done.
    pub is_done: bool,
}

/// Steps, by when they come.
pub struct FirstDays {
    /// How many are done of how many.
    pub headline: String,
    /// When, and the steps of that time.
    pub parts: Vec<(String, Vec<Step>)>,
    done: u64,
    all: u64,
}

impl FirstDays {
    /// Whether nothing is left to do.
    pub fn is_over(&self) -> bool {
        self.done == self.all
    }
}

/// What the house holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    systems: u64,
    documents: u64,
    feeds: u64,
    /// Accounts besides the reader's own; `None` for who does not give accounts.
    others: Option<u64>,
    rounds: u64,
    coverage: Coverage,
    decisions: u64,
    drills: u64,
    /// Things of the mandate that nobody wrote down; `None` for who may not read it.
    mandate_unknown: Option<u64>,
    /// Whether anything of it was written down.
    has_mandate: bool,
    /// Conversations with projects; `None` where that is not on screen, or not for the reader.
    talks: Option<u64>,
    /// Consultations that were published.
    consultations: u64,
}

/// A step as a rule: its key, where it is done, who may do it (`None`: everybody), how many are there, whether that is enough.
type Rule = (&'static str, &'static str, Option<Act>, u64, bool);

/// The rules, by when they come.
fn rules(held: &Held) -> Vec<(&'static str, Vec<Rule>)> {
    let known = held.coverage.known + held.coverage.stale;
    let is_mostly_known = known > 0 && known * 2 >= held.coverage.systems();
    let any = |count: u64| (count, count > 0);
    let rule = |key, href, act, (count, is_done)| (key, href, act, count, is_done);
    let mut week = vec![
        rule("first-round", "/rounds/new", Some(Act::Lead), any(held.rounds)),
        rule("first-coverage", "/coverage", None, (known, is_mostly_known)),
    ];
    if let Some(others) = held.others {
        week.insert(0, rule("first-people", "/people", Some(Act::Admit), any(others)));
    }
    let mut month = vec![
        rule("first-decide", "/decisions/fold", Some(Act::Decide), any(held.decisions)),
        rule("first-drill", "/incidents", Some(Act::Lead), any(held.drills)),
    ];
    if let Some(unknown) = held.mandate_unknown {
        week.push(rule("first-mandate", "/mandate", Some(Act::Lead), (unknown, held.has_mandate && unknown == 0)));
    }
    if let Some(talks) = held.talks {
        month.push(rule("first-talk", "/engagements", Some(Act::Lead), any(talks)));
    }
    month.push(rule("first-hear", "/consultations", None, any(held.consultations)));
    vec![
        (
            "first-day",
            vec![
                rule("first-register", "/registry", Some(Act::Register), any(held.systems)),
                rule("first-collect", "/documents/hand-in", Some(Act::HandIn), any(held.documents)),
                rule("first-watch", "/sources", None, any(held.feeds)),
            ],
        ),
        ("first-week", week),
        ("first-month", month),
    ]
}

/// The steps as the reader sees them.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn of(
    (house, person, frame): (&WebHouse, &Person, &Frame),
    seat: &Seat,
    watched: &Watched,
    coverage: Coverage,
) -> Result<FirstDays, WebError> {
    let (viewer, snapshot) = (person.visitor.viewer(), &seat.desk.snapshot);
    let others = match person.signed.person.may(Act::Admit) {
        false => None,
        true => {
            let admitter = Admitter::Person(person.signed.person.id);
            let known = house.house.people_within(&admitter, house.wall_clock()).await?.len();
            Some((known as u64).saturating_sub(1))
        }
    };
    let (rounds, drills) = seat.begun(&house.house).await?;
    let held = Held {
        systems: snapshot.systems.len() as u64,
        documents: snapshot.documents.len() as u64,
        feeds: watched.freshness.feeds.iter().filter(|feed| feed.edition.is_some()).count() as u64,
        others,
        rounds,
        coverage,
        decisions: watched.decision_rows().len() as u64,
        drills,
        ..compass(house, person, frame, seat).await?
    };
    let may = |act: Option<Act>| act.is_none_or(|act| act == Act::Admit || viewer.may(act));
    let (mut done, mut all) = (0, 0);
    let mut parts = Vec::new();
    for (when, rules) in rules(&held) {
        let mut steps = Vec::new();
        for (key, href, act, count, is_done) in rules {
            all += 1;
            done += u64::from(is_done);
            let counts = [("count", Argument::Count(count)), ("systems", held.coverage.systems().into())];
            let mut note = text(frame.language, &format!("{key}-note"), &counts);
            if !may(act) && !is_done {
                note = format!("{note} {}", frame.t("first-others"));
            }
            // Nothing is done in the past: what only shows something leads there all the same.
            let leads = may(act) && (act.is_none() || person.visitor.as_of.is_none());
            let href = if leads { href } else { "" };
            steps.push(Step { words: frame.t(key), note, href, command: command(key), is_done });
        }
        parts.push((frame.t(when), steps));
    }
    Ok(FirstDays { headline: standing::first_days(frame.language, done, all), parts, done, all })
}

/// What the compass holds of it.
async fn compass(house: &WebHouse, person: &Person, frame: &Frame, seat: &Seat) -> Result<Held, WebError> {
    let viewer = person.visitor.viewer();
    let mandate = match viewer.may_everywhere(Act::Read) {
        true => Some(house.house.mandate(&seat.desk).await?),
        false => None,
    };
    let talks = match frame.shows("/engagements") && viewer.may_everywhere(Act::Rank) {
        true => Some(house.house.conversations(&seat.desk).await?.rows.len() as u64),
        false => None,
    };
    let consultations = house.house.consultations(&seat.desk).await?.rows;
    Ok(Held {
        mandate_unknown: mandate.as_ref().map(|answer| answer.unknown.len() as u64),
        has_mandate: mandate.is_some_and(|answer| answer.written.is_some()),
        talks,
        consultations: consultations.iter().filter(|row| row.published.is_some()).count() as u64,
        ..Held::default()
    })
}

/// The command that does a step.
fn command(key: &str) -> &'static str {
    match key {
        "first-register" => "underpin registry import FILE",
        "first-collect" => "underpin add PATH --system SYSTEM",
        "first-watch" => "underpin watch sync",
        "first-people" => "underpin people invite --role ROLE",
        "first-round" => "underpin round open",
        "first-coverage" => "underpin coverage",
        "first-mandate" => "underpin mandate set --legal-basis TEXT",
        "first-decide" => "underpin decisions list",
        "first-drill" => "underpin incident drill",
        "first-talk" => "underpin contact request PROJECT",
        _ => "underpin consultation draft FILE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(held: &Held) -> Vec<&'static str> {
        let all = rules(held).into_iter().flat_map(|(_, rules)| rules);
        all.filter(|(.., is_done)| *is_done).map(|(key, ..)| key).collect()
    }

    #[test]
    fn what_is_done_follows_from_what_is_there() {
        assert_eq!(done(&Held::default()), <[&str; 0]>::default());
        let begun = Held { systems: 3, feeds: 1, ..Held::default() };
        assert_eq!(done(&begun), ["first-register", "first-watch"]);
        let coverage = |known, stale, unknown| Coverage { known, stale, unknown, ..Coverage::default() };
        for (coverage, expected) in [
            (coverage(1, 0, 2), false),
            (coverage(1, 1, 2), true),
            (coverage(0, 0, 0), false),
            (coverage(0, 0, 4), false),
        ] {
            let is_done = done(&Held { coverage, ..begun }).contains(&"first-coverage");
            assert_eq!(is_done, expected, "{coverage:?}");
        }
        let whole = Held {
            documents: 9,
            others: Some(1),
            rounds: 1,
            coverage: coverage(3, 0, 0),
            decisions: 1,
            drills: 1,
            mandate_unknown: Some(0),
            has_mandate: true,
            talks: Some(1),
            consultations: 1,
            ..begun
        };
        assert_eq!(done(&whole).len(), 11, "every step: {whole:?}");
        let unsaid = Held { has_mandate: false, mandate_unknown: Some(6), ..whole };
        assert!(!done(&unsaid).contains(&"first-mandate"), "an empty card is none");
        let alone = Held { others: None, ..whole };
        assert!(!done(&alone).contains(&"first-people"), "who gives no accounts is not asked to");
    }
}
