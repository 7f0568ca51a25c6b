// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that speak about the project: which are there, what they declare, and the community card made of their own words.

use underpin_formats::project_money::{About, declared, read};
use underpin_model::Timestamp;
use underpin_model::community::{CommunityCard, Excerpt, Said};
use underpin_model::limits::bounds::README_LINES;
use underpin_model::project_money::{FundingForm, Platform};
use underpin_model::signals::{Caveat, Ignorance, Reading, Signal, SignalCode, Source, Value};

use crate::identities::Identities;
use crate::quotes::{Paragraph, paragraphs, quoted, says};
use crate::tip::{Tip, Topic};

const DECISIONS: &[&str] = &[
    "decision",
    "decisions",
    "decide",
    "decides",
    "consensus",
    "vote",
    "voting",
    "steering committee",
    "steering council",
    "technical committee",
    "request for comments",
    "rfc process",
    "enhancement proposal",
    "lazy consensus",
];
const AGREEMENT: &[&str] = &[
    "cla",
    "contributor license agreement",
    "contributor licence agreement",
    "contributors license agreement",
    "individual contributor license agreement",
    "copyright assignment",
];
const SIGN_OFF: &[&str] = &[
    "dco",
    "developer certificate of origin",
    "developer's certificate of origin",
    "signed-off-by",
    "sign off your commits",
    "sign-off",
];
const HELP: &[&str] = &[
    "help wanted",
    "help is wanted",
    "good first issue",
    "good first issues",
    "looking for maintainers",
    "maintainers wanted",
    "looking for help",
    "help needed",
    "looking for contributors",
    "seeking maintainers",
];
const APPROACH: &[&str] = &[
    "mailing list",
    "mailing lists",
    "discussions",
    "forum",
    "irc",
    "matrix",
    "zulip",
    "slack",
    "discord",
    "discourse",
    "open an issue",
    "issue tracker",
    "get in touch",
    "contact us",
    "ask questions",
    "support",
];
/// What a README says of a project that nobody looks after any more.
const ENDED: &[&str] = &[
    "no longer maintained",
    "no longer actively maintained",
    "not maintained anymore",
    "not actively maintained",
    "is not maintained",
    "is unmaintained",
    "currently unmaintained",
    "no longer supported",
    "no longer developed",
    "no longer under active development",
    "project is deprecated",
    "repository is deprecated",
    "repo is deprecated",
    "package is deprecated",
    "library is deprecated",
    "module is deprecated",
    "crate is deprecated",
    "has been deprecated in favor",
    "has been deprecated in favour",
    "project has been deprecated",
    "package has been deprecated",
    "library has been deprecated",
    "project is archived",
    "repository is archived",
    "repo is archived",
    "has been archived",
    "project is abandoned",
    "been abandoned",
    "project is dead",
    "end of life",
    "reached its end of life",
    "been discontinued",
    "is discontinued",
];
/// Headings that say it alone.
const ENDED_HEADINGS: &[&str] = &["deprecated", "unmaintained", "archived", "abandoned", "discontinued"];
/// Badges that say it (repostatus.org).
const ENDED_BADGES: &[&str] =
    &["badges/latest/abandoned", "badges/latest/unsupported", "badges/latest/moved", "maintenance-deprecated"];

/// The signals of files, and the card.
pub(crate) fn signals(
    tip: &Result<Tip, Ignorance>,
    identities: &Identities,
    as_of: Timestamp,
) -> (Vec<Signal>, CommunityCard) {
    match tip {
        Ok(tip) => {
            let files = Files { tip, identities, as_of };
            (files.signals(), files.card())
        }
        Err(why) => {
            let unknown = Reading::Unknown(*why);
            let signal = |code: &SignalCode| Signal {
                code: *code,
                reading: unknown,
                source: Source::FileNames,
                caveats: Vec::new(),
                as_of,
            };
            (CODES.iter().map(signal).collect(), CommunityCard::default())
        }
    }
}

/// Signals of files.
const CODES: &[SignalCode] = &[
    SignalCode::FilesAtTip,
    SignalCode::SecurityPolicy,
    SignalCode::LicenceFile,
    SignalCode::ContributingGuide,
    SignalCode::CodeOfConduct,
    SignalCode::GovernanceFile,
    SignalCode::FundingFile,
    SignalCode::CodeOwners,
    SignalCode::SecurityInsights,
    SignalCode::InsightsStatus,
    SignalCode::InsightsChangeRequests,
    SignalCode::InsightsAutomated,
    SignalCode::InsightsBugFixesOnly,
    SignalCode::InsightsReports,
    SignalCode::SaysDeprecated,
    SignalCode::AsksForCla,
    SignalCode::AsksForDco,
];

/// Files about money, in the order in which they are asked.
pub(crate) const FUNDING: &[(Topic, FundingForm)] = &[
    (Topic::FundingYml, FundingForm::FundingYml),
    (Topic::FundingJson, FundingForm::FundingJson),
    (Topic::Accounts, FundingForm::Accounts),
];

/// Files whose presence is a signal.
const PRESENCE: &[(SignalCode, Topic)] = &[
    (SignalCode::SecurityPolicy, Topic::Security),
    (SignalCode::LicenceFile, Topic::Licence),
    (SignalCode::ContributingGuide, Topic::Contributing),
    (SignalCode::CodeOfConduct, Topic::Conduct),
    (SignalCode::GovernanceFile, Topic::Governance),
    (SignalCode::FundingFile, Topic::Funding),
    (SignalCode::CodeOwners, Topic::Owners),
    (SignalCode::SecurityInsights, Topic::Insights),
];

struct Files<'a> {
    tip: &'a Tip,
    identities: &'a Identities,
    as_of: Timestamp,
}

impl Files<'_> {
    fn signals(&self) -> Vec<Signal> {
        let own = Ok(Value::Number(self.tip.own.len() as u64));
        let mut signals = vec![self.signal(SignalCode::FilesAtTip, own, None, &[])];
        for (code, topic) in PRESENCE {
            let path = self.tip.find(*topic);
            signals.push(self.signal(*code, Ok(Value::Flag(path.is_some())), path, &[]));
        }
        let text = self.tip.text(Topic::Insights);
        let text = text.as_ref().map(|(_, text)| text.as_str()).map_err(|why| *why);
        for (code, value) in declared(text, &About::default()).values {
            signals.push(self.signal(code, value, self.tip.find(Topic::Insights), &[]));
        }
        let readme = self.tip.text(Topic::Readme);
        let ended = readme.as_ref().map(|(_, text)| Value::Flag(says_ended(text))).map_err(|why| *why);
        signals.push(self.signal(
            SignalCode::SaysDeprecated,
            ended,
            self.tip.find(Topic::Readme),
            &[Caveat::WordsOnly],
        ));
        for (code, phrases, topic) in
            [(SignalCode::AsksForCla, AGREEMENT, Topic::Agreement), (SignalCode::AsksForDco, SIGN_OFF, Topic::SignOff)]
        {
            signals.push(self.asks(code, phrases, topic));
        }
        signals
    }

    fn signal(
        &self,
        code: SignalCode,
        value: Result<Value, Ignorance>,
        path: Option<&str>,
        caveats: &[Caveat],
    ) -> Signal {
        let source = path.map_or(Source::FileNames, |path| Source::File(path.to_owned()));
        Signal { code, reading: Reading::from(value), source, caveats: caveats.to_vec(), as_of: self.as_of }
    }

    /// Whether contributors are asked for something: a file of a program says it, or words of the guide.
    fn asks(&self, code: SignalCode, phrases: &[&str], topic: Topic) -> Signal {
        if let Some(path) = self.tip.find(topic) {
            return self.signal(code, Ok(Value::Flag(true)), Some(path), &[]);
        }
        let mut why = Ignorance::NotInClone;
        for topic in [Topic::Contributing, Topic::Readme] {
            match self.tip.text(topic) {
                Ok((path, text)) if says(&text, phrases) => {
                    return self.signal(code, Ok(Value::Flag(true)), Some(path), &[Caveat::WordsOnly]);
                }
                // It may be said elsewhere: on a page of the forge, or by a program that answers.
                Ok(_) => why = Ignorance::NotSaid,
                Err(_) => {}
            }
        }
        self.signal(code, Err(why), None, &[])
    }

    fn card(&self) -> CommunityCard {
        use Topic as T;
        let anything = |_: &Paragraph<'_>| true;
        let first = |topic| self.said(&[topic], anything);
        let about = |topics: &[Topic], phrases: &'static [&'static str]| {
            self.said(topics, move |paragraph| says(paragraph.text, phrases))
        };
        CommunityCard {
            governance: first(T::Governance),
            decisions: about(&[T::Governance, T::Contributing], DECISIONS),
            contributing: first(T::Contributing),
            licence_agreement: about(&[T::Contributing, T::Readme], AGREEMENT),
            certificate_of_origin: about(&[T::Contributing, T::Readme], SIGN_OFF),
            code_of_conduct: first(T::Conduct),
            help_wanted: about(&[T::Contributing, T::Readme], HELP),
            approach: about(&[T::Contributing, T::Readme], APPROACH),
            security_reports: first(T::Security),
            funding: self.ways_to_pay(),
        }
    }

    /// The platforms that a file about money names. Its own words would be logins of people.
    fn ways_to_pay(&self) -> Said {
        let mut why = Ignorance::NotInClone;
        for (topic, form) in FUNDING {
            let (path, text) = match self.tip.text(*topic) {
                Ok(found) => found,
                Err(Ignorance::NotInClone) => continue,
                Err(other) => {
                    why = other;
                    continue;
                }
            };
            let Ok(file) = read(*form, &text, &About::default()) else {
                why = Ignorance::NotUnderstood;
                continue;
            };
            why = Ignorance::NotSaid;
            let mut platforms: Vec<Platform> = file.doors.iter().map(|door| door.platform).collect();
            platforms.sort_unstable_by_key(|platform| platform.as_str());
            platforms.dedup();
            if !platforms.is_empty() {
                let words: Vec<&str> = platforms.into_iter().map(Platform::as_str).collect();
                return Said::Words(Excerpt { path: path.to_owned(), line: 1, text: words.join(", ") });
            }
        }
        Said::Unknown(why)
    }

    /// The first paragraph that fits, of the first file that has one. Headings and pictures say too little.
    fn said(&self, topics: &[Topic], fits: impl Fn(&Paragraph<'_>) -> bool) -> Said {
        let mut why = Ignorance::NotInClone;
        for topic in topics {
            let (path, text) = match self.tip.text(*topic) {
                Ok(found) => found,
                Err(Ignorance::NotInClone) => continue,
                Err(other) => {
                    why = other;
                    continue;
                }
            };
            why = Ignorance::NotSaid;
            for paragraph in paragraphs(&text) {
                let is_prose = !paragraph.is_heading && paragraph.text.split_whitespace().count() > 1;
                let is_markup = ["<!--", "[![", "![", "<img", "<p ", "<h1", "---", ".. "]
                    .iter()
                    .any(|mark| paragraph.text.starts_with(mark));
                if is_prose && !is_markup && fits(&paragraph) {
                    let text = quoted(paragraph.text, self.identities);
                    return Said::Words(Excerpt { path: path.to_owned(), line: paragraph.line, text });
                }
            }
        }
        Said::Unknown(why)
    }
}

/// Whether the top of a README says that the project is looked after no longer. "Deprecated" alone often speaks of a function.
fn says_ended(text: &str) -> bool {
    let top: String = text.split_inclusive('\n').take(README_LINES).collect();
    let lower = top.to_lowercase();
    says(&top, ENDED)
        || ENDED_BADGES.iter().any(|badge| lower.contains(badge))
        || paragraphs(&top).iter().any(|paragraph| {
            let first = paragraph.text.lines().next().unwrap_or_default();
            paragraph.is_heading && first.split_whitespace().count() <= 4 && says(first, ENDED_HEADINGS)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_that_says_it_has_ended() {
        let late = format!("# Tool\n{}This project is deprecated.", "\n".repeat(README_LINES));
        for (text, expected) in [
            ("# Tool\n\nThis project is no longer maintained.", true),
            ("# [DEPRECATED] Tool\n\nWords", true),
            ("# Tool\n\n**This repository is archived**, use another.", true),
            ("[![x](https://www.repostatus.org/badges/latest/abandoned.svg)](x)", true),
            ("# Tool\n\nThe function `old()` is deprecated.", false),
            ("# Tool\n\nIt shows deprecated and unmaintained packages.", false),
            ("# Tool\n\nActively maintained.", false),
            ("", false),
            (&late, false),
        ] {
            assert_eq!(says_ended(text), expected, "{text}");
        }
    }
}
