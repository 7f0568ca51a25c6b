// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Sentences about where the office stands: how much few decisions settle, which of the first steps are done, what the newest document
//! of a system changed. Each is worked out from the numbers below it.

use crate::{Language, text};

/// How many decisions settle how much. `undecided` findings are open and no decision says anything about them; `decided` ones are open
/// all the same.
pub fn fold(language: Language, decisions: u64, settled: u64, undecided: u64, decided: u64) -> String {
    let key = match (undecided, decided, decisions) {
        (0, 0, _) => "fold-headline-empty",
        (0, ..) => "fold-headline-decided",
        (_, _, 0) => "fold-headline-none",
        _ if settled == undecided => "fold-headline-all",
        _ => "fold-headline",
    };
    let counts = [("decisions", decisions), ("settled", settled), ("undecided", undecided), ("decided", decided)];
    text(language, key, &counts.map(|(name, count)| (name, count.into())))
}

/// How much of all the first decision of a list settles.
pub fn fold_first(language: Language, settles: u64, undecided: u64) -> String {
    text(language, "fold-first", &[("settles", settles.into()), ("undecided", undecided.into())])
}

/// How much is open, and how much of it is beyond its day.
pub fn overdue(language: Language, open: u64, overdue: u64) -> String {
    let key = match (open, overdue) {
        (0, _) => "fold-headline-empty",
        (_, 0) => "overdue-none",
        _ => "overdue-headline",
    };
    text(language, key, &[("open", open.into()), ("overdue", overdue.into())])
}

/// Where most of what is open is: in how many of all systems or agencies, and which has most.
pub fn most_open(language: Language, bars: &[(&str, u64)], all: u64) -> String {
    let open = bars.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let Some((name, most)) = bars.iter().max_by_key(|(_, count)| *count).filter(|_| open > 0) else {
        return text(language, "fold-headline-empty", &[]);
    };
    let hit = bars.iter().filter(|(_, count)| *count > 0).count() as u64;
    let words = [
        ("open", open.into()),
        ("hit", hit.into()),
        ("all", all.into()),
        ("name", (*name).into()),
        ("most", (*most).into()),
    ];
    text(language, "open-headline", &words)
}

/// How many of the first steps are done.
pub fn first_days(language: Language, done: u64, all: u64) -> String {
    let key = match done {
        0 => "first-headline-none",
        _ if done >= all => "first-headline-all",
        _ => "first-headline",
    };
    text(language, key, &[("done", done.into()), ("all", all.into())])
}

/// What the newest document of a system changed: packages that came, went and are there in other versions; `None` where it replaced no
/// other document.
pub fn difference(language: Language, counts: Option<(u64, u64, u64)>) -> String {
    let Some((added, removed, changed)) = counts else { return text(language, "difference-none", &[]) };
    if added + removed + changed == 0 {
        return text(language, "difference-same", &[]);
    }
    let counts = [("added", added.into()), ("removed", removed.into()), ("changed", changed.into())];
    text(language, "difference-headline", &counts)
}

/// In how many places and on how many ways a package got into a system.
pub fn paths(language: Language, package: &str, system: &str, places: u64, ways: u64) -> String {
    let key = match (places, ways) {
        (0, _) => "paths-headline-none",
        (_, 0) => "paths-headline-unknown",
        _ => "paths-headline",
    };
    let words = [("package", package.into()), ("system", system.into()), ("ways", ways.into())];
    text(language, key, &words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Language; 2] = [Language::English, Language::German];

    #[test]
    fn the_first_steps_are_counted() {
        for (done, english, german) in [
            (0, "The house is new: 8 steps to begin", "Das Haus ist neu: 8 Schritte zum Anfang"),
            (3, "The first 30 days: 3 of 8 steps are done", "Die ersten 30 Tage: 3 von 8 Schritten sind getan"),
            (8, "The first 30 days: all 8 steps are done", "Die ersten 30 Tage: alle 8 Schritte sind getan"),
        ] {
            assert_eq!(BOTH.map(|language| first_days(language, done, 8)), [english, german]);
        }
    }

    #[test]
    fn what_came_and_went_is_said() {
        for (counts, english, german) in [
            (
                None,
                "No document of this system has replaced another yet",
                "Noch hat kein Dokument dieses Systems ein anderes ersetzt",
            ),
            (Some((0, 0, 0)), "The newest document changes nothing", "Das neueste Dokument ändert nichts"),
            (
                Some((1, 0, 2)),
                "Since the last document: 1 package came, 0 went, 2 have another version",
                "Seit dem letzten Dokument: 1 Paket kam hinzu, 0 fielen weg, 2 haben eine andere Version",
            ),
            (
                Some((4, 1, 1)),
                "Since the last document: 4 packages came, 1 went, 1 has another version",
                "Seit dem letzten Dokument: 4 Pakete kamen hinzu, 1 fiel weg, 1 hat eine andere Version",
            ),
        ] {
            assert_eq!(BOTH.map(|language| difference(language, counts)), [english, german], "{counts:?}");
        }
        for (places, ways, english) in [
            (0, 0, "No document of portal names left"),
            (1, 0, "left is in portal; no document tells how it got there"),
            (1, 1, "left got into portal on one way"),
            (2, 3, "left got into portal on 3 ways"),
        ] {
            assert_eq!(paths(Language::English, "left", "portal", places, ways), english);
        }
    }

    #[test]
    fn what_is_open_is_said() {
        for (given, english, german) in [
            ((0, 0), "No finding is open", "Kein Befund ist offen"),
            ((1, 0), "No open finding is beyond its day", "Kein offener Befund ist über seinen Tag hinaus"),
            ((7, 1), "1 of 7 open findings is beyond its day", "1 von 7 offenen Befunden ist über seinen Tag hinaus"),
            (
                (7, 2),
                "2 of 7 open findings are beyond their day",
                "2 von 7 offenen Befunden sind über ihren Tag hinaus",
            ),
        ] {
            assert_eq!(BOTH.map(|language| overdue(language, given.0, given.1)), [english, german], "{given:?}");
        }
        assert_eq!(most_open(Language::English, &[("a", 0)], 3), "No finding is open");
        let bars = [("a", 2), ("b", 5), ("c", 0)];
        assert_eq!(most_open(Language::English, &bars, 4), "7 open findings at 2 of 4; most at b: 5");
        assert_eq!(most_open(Language::German, &bars, 4), "7 offene Befunde bei 2 von 4; die meisten bei b: 5");
        assert_eq!(fold_first(Language::English, 3, 9), "The first decision alone settles 3 of 9");
    }

    #[test]
    fn few_decisions_settle_much() {
        for (given, english, german) in [
            ((0, 0, 0, 0), "No finding is open", "Kein Befund ist offen"),
            (
                (0, 0, 0, 7),
                "About every open finding something is decided already",
                "Über jeden offenen Befund ist schon entschieden",
            ),
            (
                (0, 0, 12, 1),
                "No upgrade is known that settles one of 12 undecided findings",
                "Keine Aktualisierung ist bekannt, die einen von 12 unentschiedenen Befunden erledigt",
            ),
            (
                (1, 1, 1, 0),
                "One decision settles the only undecided finding",
                "Eine Entscheidung erledigt den einzigen unentschiedenen Befund",
            ),
            (
                (3, 40, 40, 0),
                "3 decisions settle all 40 undecided findings",
                "3 Entscheidungen erledigen alle 40 unentschiedenen Befunde",
            ),
            (
                (1, 30, 40, 0),
                "One decision settles 30 of 40 undecided findings",
                "Eine Entscheidung erledigt 30 von 40 unentschiedenen Befunden",
            ),
            (
                (20, 13_000, 15_000, 2),
                "20 decisions settle 13,000 of 15,000 undecided findings",
                "20 Entscheidungen erledigen 13\u{202f}000 von 15\u{202f}000 unentschiedenen Befunden",
            ),
        ] {
            let (decisions, settled, undecided, decided) = given;
            let said = BOTH.map(|language| fold(language, decisions, settled, undecided, decided));
            assert_eq!(said, [english, german], "{given:?}");
        }
    }
}
