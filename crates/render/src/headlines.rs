// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The sentences on top of pages: each is worked out from the numbers below it.

use underpin_model::Coverage;

use crate::{Argument, Language, text};

/// How old the knowledge behind an answer is, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge<'k> {
    /// Feeds that were read.
    pub feeds: u64,
    /// Days since the one that was looked at longest ago was looked at; `None` when no feed was ever read.
    pub oldest_days: Option<u64>,
    /// Feeds older than they should be.
    pub stale: Vec<&'k str>,
    /// Advisories of the office itself.
    pub own: u64,
    /// Sources that nobody ever tried to fetch.
    pub never: Vec<&'k str>,
    /// Sources that were tried and of which nothing is there.
    pub failed: Vec<&'k str>,
}

/// How old the knowledge behind an answer is, and what is not there.
pub fn knowledge(language: Language, parts: &Knowledge<'_>) -> String {
    let say = |key, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let mut sentences = vec![match parts.oldest_days {
        None => say("knowledge-nothing", &[]),
        Some(0) => say("knowledge-today", &[("feeds", parts.feeds.into())]),
        Some(days) => say("knowledge-days", &[("feeds", parts.feeds.into()), ("days", days.into())]),
    }];
    if parts.own > 0 {
        sentences.push(say("knowledge-own", &[("count", parts.own.into())]));
    }
    let lists =
        [("knowledge-stale", &parts.stale), ("knowledge-never", &parts.never), ("knowledge-failed", &parts.failed)];
    // Without any feed all of them were never fetched: that is said already.
    for (key, names) in lists.iter().filter(|(_, names)| parts.oldest_days.is_some() && !names.is_empty()) {
        sentences.push(say(key, &[("names", (&names.join(", ")).into())]));
    }
    sentences.join(" ")
}

/// How much of the government is known.
pub fn coverage(language: Language, coverage: &Coverage) -> String {
    let (systems, known, stale) = (coverage.systems(), coverage.known, coverage.stale);
    let key = match (systems, known + stale) {
        (0, _) => "coverage-headline-empty",
        (_, 0) => "coverage-headline-none",
        _ if systems == known => "coverage-headline-all",
        _ => "coverage-headline",
    };
    // What is old is known all the same: only of the rest nothing can be said.
    let open = coverage.blind + coverage.unknown;
    let counts = [("known", known), ("systems", systems), ("stale", stale), ("open", open)];
    text(language, key, &counts.map(|(name, count)| (name, count.into())))
}

/// What needs action now.
pub fn overview(language: Language, urgent: u64, systems: u64) -> String {
    match urgent {
        0 => text(language, "overview-nothing", &[]),
        _ => text(language, "overview-urgent", &[("count", urgent.into()), ("systems", systems.into())]),
    }
}

/// How many findings fit, where, from what.
pub fn findings(language: Language, total: u64, systems: u64, vulnerabilities: u64) -> String {
    let counts = [("count", total.into()), ("systems", systems.into()), ("vulnerabilities", vulnerabilities.into())];
    text(language, if total == 0 { "findings-none" } else { "findings-headline" }, &counts)
}

/// Who uses something. `undecided` are systems of which it cannot be told.
pub fn uses(language: Language, what: &str, systems: u64, agencies: u64, undecided: u64) -> String {
    let key = match (systems, undecided) {
        (0, 0) => "find-none",
        (0, _) => "find-undecided",
        _ => "find-headline",
    };
    text(language, key, &[("what", what.into()), ("systems", systems.into()), ("agencies", agencies.into())])
}

/// Who is hit by a vulnerability.
pub fn hit(language: Language, name: &str, systems: u64, agencies: u64, undecided: u64) -> String {
    let key = match (systems, undecided) {
        (0, 0) => "hit-none",
        (0, _) => "hit-undecided",
        _ => "hit-headline",
    };
    let words = [
        ("name", name.into()),
        ("systems", systems.into()),
        ("agencies", agencies.into()),
        ("undecided", undecided.into()),
    ];
    text(language, key, &words)
}

/// Whether a system is in order. `packages` are the package versions known of it.
pub fn system(language: Language, name: &str, packages: u64, urgent: u64, open: u64) -> String {
    let key = match (packages, urgent, open) {
        (0, 0, 0) => "system-unknown",
        (_, 0, 0) => "system-calm",
        (_, 0, _) => "system-open",
        _ => "system-urgent",
    };
    text(language, key, &[("name", name.into()), ("urgent", urgent.into()), ("open", open.into())])
}

/// Which versions of a package are in use, and whether one of them must be changed now.
pub fn package(language: Language, name: &str, versions: u64, systems: u64, urgent: u64) -> String {
    let key = match (systems, urgent) {
        (0, _) => "package-none",
        (_, 0) => "package-headline",
        _ => "package-urgent",
    };
    let words =
        [("name", name.into()), ("versions", versions.into()), ("systems", systems.into()), ("urgent", urgent.into())];
    text(language, key, &words)
}

/// How many documents fit, and how many of them have gaps.
pub fn documents(language: Language, total: u64, with_gaps: u64) -> String {
    let key = match (total, with_gaps) {
        (0, _) => "documents-none",
        (_, 0) => "documents-whole",
        _ => "documents-headline",
    };
    text(language, key, &[("count", total.into()), ("gaps", with_gaps.into())])
}

/// Carried patches, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// All of them.
    pub patches: u64,
    /// Not forwarded to their projects.
    pub untold: u64,
    /// Of these, for too long.
    pub debt: u64,
    /// Of which nobody says whether the project knows them.
    pub unknown: u64,
}

/// What is carried that its project does not know.
pub fn carried(language: Language, counted: Carried) -> String {
    let key = match counted {
        Carried { patches: 0, .. } => "upstream-headline-none",
        Carried { untold: 1.., .. } => "upstream-headline",
        Carried { unknown: 1.., .. } => "upstream-headline-unknown",
        _ => "upstream-headline-all-told",
    };
    let counts = [
        ("patches", counted.patches),
        ("untold", counted.untold),
        ("debt", counted.debt),
        ("unknown", counted.unknown),
    ];
    text(language, key, &counts.map(|(name, count)| (name, count.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Language; 2] = [Language::English, Language::German];

    fn both(say: impl Fn(Language) -> String) -> [String; 2] {
        BOTH.map(say)
    }

    #[test]
    fn how_old_the_knowledge_is() {
        let known = |feeds, days| Knowledge { feeds, oldest_days: Some(days), ..Knowledge::default() };
        let cases = [
            (
                Knowledge { own: 0, never: vec!["osv"], ..Knowledge::default() },
                "No advisories are here: nothing was looked for.",
                "Es sind keine Meldungen da: Es wurde nach nichts gesucht.",
            ),
            (known(1, 0), "Advisories of one feed, looked at today.", "Meldungen aus einer Quelle, heute nachgesehen."),
            (
                known(3, 0),
                "Advisories of 3 feeds, all looked at today.",
                "Meldungen aus 3 Quellen, alle heute nachgesehen.",
            ),
            (
                known(1, 1),
                "Advisories of one feed, looked at one day ago.",
                "Meldungen aus einer Quelle, vor einem Tag nachgesehen.",
            ),
            (
                Knowledge {
                    stale: vec!["kev", "osv/npm"],
                    own: 1,
                    never: vec!["epss"],
                    failed: vec!["csaf"],
                    ..known(3, 12)
                },
                "Advisories of 3 feeds, the oldest looked at 12 days ago. One advisory of the office itself. Older than they should be: kev, osv/npm. Never fetched: epss. Fetching failed: csaf.",
                "Meldungen aus 3 Quellen, die älteste vor 12 Tagen nachgesehen. Eine Meldung des Büros selbst. Älter, als sie sein sollten: kev, osv/npm. Nie geholt: epss. Nicht zu holen gewesen: csaf.",
            ),
        ];
        for (parts, english, german) in cases {
            assert_eq!(both(|language| knowledge(language, &parts)), [english, german], "{parts:?}");
        }
    }

    #[test]
    fn how_much_is_known() {
        let of = |known, blind, unknown| Coverage { known, blind, unknown, ..Coverage::default() };
        let cases = [
            (of(0, 0, 0), "No system is written down yet", "Noch ist kein System eingetragen"),
            (of(0, 1, 1), "Of no system we know what is in it", "Von keinem System wissen wir, was darin ist"),
            (of(3, 0, 0), "Of all 3 systems we know what is in them", "Von allen 3 Systemen wissen wir, was darin ist"),
            (of(1, 0, 0), "Of the only system we know what is in it", "Vom einzigen System wissen wir, was darin ist"),
            (
                of(2, 1, 0),
                "Of 2 of 3 systems we know what is in them; of one we do not",
                "Von 2 von 3 Systemen wissen wir, was darin ist; von einem nicht",
            ),
            (
                of(2, 1, 2),
                "Of 2 of 5 systems we know what is in them; of 3 we do not",
                "Von 2 von 5 Systemen wissen wir, was darin ist; von 3 nicht",
            ),
            (
                Coverage { stale: 2, ..of(1, 0, 4) },
                "Of 1 of 7 systems we know what is in them; of 2 what we know is old; of 4 we do not",
                "Von 1 von 7 Systemen wissen wir, was darin ist; von 2 ist das Wissen alt; von 4 nicht",
            ),
            (
                Coverage { stale: 1, ..of(0, 0, 0) },
                "Of 0 of 1 systems we know what is in them; of one what we know is old",
                "Von 0 von 1 Systemen wissen wir, was darin ist; von einem ist das Wissen alt",
            ),
        ];
        for (counts, english, german) in cases {
            assert_eq!(both(|language| coverage(language, &counts)), [english, german], "{counts:?}");
        }
    }

    #[test]
    fn packages_and_documents() {
        for (given, english, german) in [
            (
                (0, 0, 0),
                "No system is known to use left-pad",
                "Von keinem System ist bekannt, dass es left-pad verwendet",
            ),
            ((1, 1, 0), "left-pad: one version in one system", "left-pad: eine Version in einem System"),
            ((2, 5, 0), "left-pad: 2 versions in 5 systems", "left-pad: 2 Versionen in 5 Systemen"),
            (
                (2, 5, 1),
                "left-pad: 2 versions in 5 systems, one finding needs action now",
                "left-pad: 2 Versionen in 5 Systemen, ein Befund verlangt sofortiges Handeln",
            ),
            (
                (2, 5, 4),
                "left-pad: 2 versions in 5 systems, 4 findings need action now",
                "left-pad: 2 Versionen in 5 Systemen, 4 Befunde verlangen sofortiges Handeln",
            ),
        ] {
            let (versions, systems, urgent) = given;
            assert_eq!(both(|language| package(language, "left-pad", versions, systems, urgent)), [english, german]);
        }
        for (given, english, german) in [
            ((0, 0), "No document fits", "Kein Dokument passt dazu"),
            ((1, 0), "One document, without gaps", "Ein Dokument, ohne Lücken"),
            ((4, 1), "4 documents, one of them with gaps", "4 Dokumente, eines davon mit Lücken"),
            ((4, 2), "4 documents, 2 of them with gaps", "4 Dokumente, 2 davon mit Lücken"),
        ] {
            assert_eq!(both(|language| documents(language, given.0, given.1)), [english, german]);
        }
    }

    #[test]
    fn the_word_follows_the_numbers() {
        let english = Language::English;
        assert_eq!(overview(english, 0, 0), "Nothing needs action now");
        assert_eq!(overview(english, 2, 1), "2 findings need action now, in one system");
        assert_eq!(findings(english, 0, 0, 0), "No finding fits these words");
        assert_eq!(findings(english, 2, 1, 1), "2 findings in one system, from one vulnerability");
        assert_eq!(uses(english, "a", 0, 0, 0), "No system is known to use a");
        assert_eq!(uses(english, "a", 0, 0, 2), "It cannot be told whether a system uses a in these versions");
        assert_eq!(uses(english, "a", 2, 1, 2), "a is used in 2 systems of one agency");
        assert_eq!(hit(english, "CVE-1", 0, 0, 0), "No system is known to be affected by CVE-1");
        assert_eq!(hit(english, "CVE-1", 0, 0, 2), "Of 2 systems it cannot be told whether CVE-1 affects them");
        assert_eq!(hit(english, "CVE-1", 1, 1, 2), "CVE-1 affects one system of one agency");
        assert_eq!(system(english, "Hub", 0, 0, 0), "Nothing is known of what Hub is made of");
        // An end of support or a claim can hit what no package is known of.
        assert_eq!(system(english, "Hub", 0, 1, 1), "Hub has one finding that needs action now");
        assert_eq!(system(english, "Hub", 3, 0, 0), "Hub has no open finding");
        assert_eq!(system(english, "Hub", 3, 0, 2), "Hub has 2 open findings, none needs action now");
    }

    #[test]
    fn carried_patches_say_what_the_projects_cannot_know() {
        let of =
            |patches, untold, debt, unknown| carried(Language::English, Carried { patches, untold, debt, unknown });
        assert_eq!(of(0, 0, 0, 0), "No carried patch is known");
        assert_eq!(of(9, 3, 2, 4), "3 patches that we carry were not forwarded, 2 of them for too long");
        assert_eq!(of(1, 1, 0, 0), "1 patch that we carry was not forwarded, 0 of them for too long");
        assert_eq!(of(9, 0, 0, 4), "We carry 9 patches; of 4 nobody says whether the project knows");
        assert_eq!(of(9, 0, 0, 0), "The projects can know all 9 patches that we carry");
        let german = carried(Language::German, Carried { patches: 9, untold: 3, debt: 2, unknown: 0 });
        assert_eq!(german, "3 Patches, die wir mitführen, wurden nicht weitergegeben, 2 davon zu lange");
    }
}
