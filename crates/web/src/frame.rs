// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every page has around it: where one is, where one can go, who one is, in which language, as of when.

use underpin_model::compass::OfficeRole;
use underpin_model::coverage::CoverageState;
use underpin_model::people::Act;
use underpin_model::{Coverage, Timestamp};
use underpin_office::elsewhere::SafeTotal;
use underpin_office::watch::freshness::Freshness;
use underpin_render::headlines::Knowledge;
use underpin_render::{Argument, Language, dates, headlines, numbers, text};

use crate::assets;
use crate::compass::role_of;
use crate::exports;
use crate::visitor::{Visitor, pairs};

/// Where a page belongs in the main menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What must be done today.
    Overview,
    /// What is used where.
    Inventory,
    /// What is vulnerable.
    Findings,
    /// What is being answered: incidents and their tasks.
    Incidents,
    /// Agencies and systems.
    Government,
    /// What is known, and what is not.
    Coverage,
    /// The manual.
    Help,
    /// In none of them.
    Nowhere,
}

/// The main menu: place, key of its word, address.
const MENU: [(Place, &str, &str); 7] = [
    (Place::Overview, "nav-overview", "/"),
    (Place::Inventory, "nav-inventory", "/find"),
    (Place::Findings, "nav-findings", "/findings"),
    (Place::Incidents, "nav-incidents", "/incidents"),
    (Place::Government, "nav-government", "/agencies"),
    (Place::Coverage, "nav-coverage", "/coverage"),
    (Place::Help, "nav-help", "/help"),
];

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Words.
    pub text: String,
    /// Address.
    pub href: String,
    /// Whether it is where one is.
    pub is_current: bool,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Language.
    pub language: Language,
    /// Title of the window, without the house's name.
    pub title: String,
    /// The way here.
    pub crumbs: Vec<Link>,
    /// The same content for programs: CSV, JSON, SQL.
    pub exports: Vec<Link>,
    /// What the answer rests on: the moment it is about.
    pub as_of: Option<Timestamp>,
    /// Name of who is signed in.
    pub person: Option<String>,
    /// Tasks that wait for who is signed in.
    pub waiting: u64,
    /// Secret that every form gives back.
    pub form_token: String,
    /// Address of this page, to come back to.
    pub here: String,
    /// Its path.
    pub path: String,
    /// What its address asks for besides the moment: kept when another moment is chosen.
    pub kept: Vec<(String, String)>,
    /// The day in the address, when the answer is about the past.
    pub chosen_day: String,
    /// Whether the reader still has to set up a second factor, and sees nothing else.
    pub awaits_factor: bool,
    /// Whether the reader may read the trail.
    pub audits: bool,
    /// Roles of the office that are not active.
    inactive: Vec<OfficeRole>,
    place: Place,
}

impl Frame {
    /// A frame for a page at a place.
    pub fn new(visitor: &Visitor, place: Place) -> Self {
        let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self {
            language: visitor.language,
            title: String::new(),
            crumbs: Vec::new(),
            exports: Vec::new(),
            as_of: None,
            person: visitor.signed.as_ref().map(|signed| signed.person.name.clone()),
            waiting: visitor.waiting,
            awaits_factor: visitor.awaits_factor,
            form_token: visitor.signed.as_ref().map(|signed| signed.form_token.clone()).unwrap_or_default(),
            here,
            path: visitor.uri.path().to_owned(),
            kept: pairs(&visitor.uri).into_iter().filter(|(name, _)| name != "as-of" && name != "page").collect(),
            chosen_day: visitor.as_of.map(|at| at.to_string().chars().take(10).collect()).unwrap_or_default(),
            audits: visitor.viewer().may(Act::Audit),
            inactive: visitor.inactive.clone(),
            place,
        }
    }

    /// A sentence in pieces, each with whether it is for a machine: that stands between backticks.
    pub fn pieces(&self, words: impl AsRef<str>) -> Vec<(bool, String)> {
        let parts = words.as_ref().split('`').enumerate();
        parts.filter(|(_, part)| !part.is_empty()).map(|(at, part)| (at % 2 == 1, part.to_owned())).collect()
    }

    /// A word or sentence.
    pub fn t(&self, key: &str) -> String {
        text(self.language, key, &[])
    }

    /// A sentence about a number of things.
    pub fn n(&self, key: &str, count: &u64) -> String {
        text(self.language, key, &[("count", Argument::Count(*count))])
    }

    /// A total of what lies out of sight, in words.
    pub fn safe_total(&self, total: &SafeTotal) -> String {
        match total {
            SafeTotal::Nothing => self.t("safe-nothing"),
            SafeTotal::Withheld => self.t("safe-withheld"),
            SafeTotal::About(count) => self.n("safe-about", count),
        }
    }

    /// A sentence about one thing by its name.
    pub fn say(&self, key: &str, name: &str, value: &str) -> String {
        text(self.language, key, &[(name, value.into())])
    }

    /// A sentence about days that have gone by; what lies ahead counts as today.
    pub fn days(&self, key: &str, days: &i64) -> String {
        self.n(key, &u64::try_from(*days).unwrap_or_default())
    }

    /// A sentence about a provider of sign-in.
    pub fn elsewhere(&self, key: &str, label: &str) -> String {
        text(self.language, key, &[("provider", label.into())])
    }

    /// The word for one of a kind: a level, a state.
    pub fn word(&self, kind: &str, word: &str) -> String {
        self.t(&format!("{kind}-{word}"))
    }

    /// A number.
    pub fn number(&self, count: &u64) -> String {
        numbers::count(self.language, *count)
    }

    /// A moment, to the minute.
    pub fn minute(&self, at: &Timestamp) -> String {
        dates::minute(self.language, *at)
    }

    /// How much of the government an answer covers, in a sentence.
    pub fn coverage(&self, coverage: &Coverage) -> String {
        self.coverage_parts(coverage, "").into_iter().map(|part| part.text).collect::<Vec<_>>().join(" ")
    }

    /// The same in parts, each with the list of its systems; none where there is no such system. `about` is what was asked, as the query
    /// of an address.
    pub fn coverage_parts(&self, coverage: &Coverage, about: impl AsRef<str>) -> Vec<Link> {
        let total = coverage.systems();
        let counts = [
            (CoverageState::Known, coverage.known),
            (CoverageState::Blind, coverage.blind),
            (CoverageState::Stale, coverage.stale),
            (CoverageState::Unknown, coverage.unknown),
        ];
        let part = |(state, count): (CoverageState, u64)| {
            let words = [("count", count.into()), ("total", total.into())];
            let about = about.as_ref();
            let asked = if about.is_empty() { String::new() } else { format!("{about}&") };
            let href = format!("/coverage?{asked}state={}#gaps", state.as_str());
            Link {
                text: text(self.language, &format!("coverage-part-{}", state.as_str()), &words),
                href: if count == 0 { String::new() } else { href },
                is_current: false,
            }
        };
        counts.map(part).into()
    }

    /// The main menu; empty for who is not signed in.
    pub fn menu(&self) -> Vec<Link> {
        let is_offered = |href: &str| self.person.is_some() && !self.awaits_factor && self.shows(href);
        let entries = MENU.iter().filter(|(_, _, href)| is_offered(href));
        entries
            .map(|(place, key, href)| Link {
                text: self.t(key),
                href: (*href).to_owned(),
                is_current: *place == self.place,
            })
            .collect()
    }

    /// Whether a page is on screen: one of a role of the office that is not active is not.
    pub fn shows(&self, path: &str) -> bool {
        role_of(path).is_none_or(|role| !self.inactive.contains(&role))
    }

    /// The other languages, with their own names.
    pub fn languages(&self) -> Vec<(&'static str, &'static str)> {
        let others = Language::ALL.into_iter().filter(|language| *language != self.language);
        others.map(|language| (language.code(), language.own_name())).collect()
    }

    /// How old the knowledge behind an answer is, in a sentence.
    pub fn freshness(&self, freshness: &Freshness) -> String {
        let known: Vec<_> = freshness.feeds.iter().filter(|age| age.edition.is_some()).collect();
        let never = freshness.never_fetched();
        let failed = freshness.missing.iter().copied().filter(|source| !never.contains(source)).collect();
        let parts = Knowledge {
            feeds: known.len() as u64,
            oldest_days: known.iter().filter_map(|age| age.age_days).max().map(i64::unsigned_abs),
            stale: known.iter().filter(|age| age.is_stale).map(|age| age.feed.as_str()).collect(),
            own: freshness.own,
            never,
            failed,
        };
        headlines::knowledge(self.language, &parts)
    }

    /// Says where the page is, whatever form was sent to it: links to itself keep the moment that was chosen.
    pub fn is_at(&mut self, path: String) {
        let moment = Some(("as-of".to_owned(), self.chosen_day.clone())).filter(|(_, day)| !day.is_empty());
        self.here = exports::with_pairs(&path, moment.as_slice());
        self.path = path;
    }

    /// Says as of when the answer is, and offers it for programs.
    pub fn answers(&mut self, as_of: Timestamp, formats: &[exports::Format]) {
        self.as_of = Some(as_of);
        self.offers(formats);
    }

    /// Offers an answer for programs that is about no moment of the past.
    pub fn offers(&mut self, formats: &[exports::Format]) {
        let link = |format: &exports::Format| Link {
            text: self.t(&format!("format-{}", format.word())),
            href: exports::address(&self.here, *format),
            is_current: false,
        };
        self.exports = formats.iter().map(link).collect();
    }

    /// Offers the question in SQL that gives the same rows, where there is one.
    pub fn asks(&mut self, sql: Option<String>) {
        let link = sql.map(|sql| exports::with_pairs("/sql", &[("q".to_owned(), sql)]));
        self.exports.extend(link.map(|href| Link { text: self.t("its-sql"), href, is_current: false }));
    }

    /// Another address with what this page asks for, and one thing more.
    pub fn with(&self, path: &str, name: &str, value: &str) -> String {
        let mut pairs = self.kept.clone();
        pairs.push((name.to_owned(), value.to_owned()));
        exports::with_pairs(path, &pairs)
    }

    /// Another address with what this page asks for.
    pub fn address(&self, path: &str) -> String {
        exports::with_pairs(path, &self.kept)
    }

    /// Whether the reader can decide about what the page shows: who may, and about the present only.
    pub fn decides(&self, visitor: &Visitor) -> bool {
        visitor.as_of.is_none() && visitor.viewer().may(Act::Decide)
    }

    /// The same answer in the present.
    pub fn present(&self) -> String {
        self.address(&self.path)
    }

    /// A day.
    pub fn day(&self, at: &Timestamp) -> String {
        dates::day(self.language, *at)
    }

    /// Adds a step to the way here.
    pub fn crumb(&mut self, text: impl Into<String>, href: impl Into<String>) {
        self.crumbs.push(Link { text: text.into(), href: href.into(), is_current: false });
    }

    /// Address of a style, script or picture.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}
