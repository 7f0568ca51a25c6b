// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Sentences about how to report a vulnerability: whether they name a way, a closed one, and when an answer comes.
//!
//! A sentence that refuses or denies names none. Where it is not plain what a sentence says, a person has to read it.

use underpin_model::build_facts::Theme;

/// Words that take back what a part of a sentence says, in English and German.
const REFUSING: &[&str] = &[
    "not",
    "no",
    "never",
    "don't",
    "dont",
    "doesn't",
    "won't",
    "cannot",
    "can't",
    "nothing",
    "nobody",
    "without",
    "neither",
    "nor",
    "isn't",
    "aren't",
    "rather",
    "instead of",
    "kein",
    "keine",
    "keinen",
    "nicht",
    "nie",
    "niemals",
    "weder",
    "ohne",
];
/// Words of telling somebody about a fault.
const TELLING: &[&str] = &[
    "report",
    "disclos",
    "vulnerab",
    "schwachstelle",
    "sicherheitslücke",
    "melde",
    "meldung",
    "security@",
    "security issue",
    "security related",
    "security-related",
    "security problem",
    "security bug",
    "psirt",
    "cert@",
];
/// Words of writing to somebody, which are enough in a document that is about nothing else.
const WRITING: &[&str] = &[
    "mail",
    "write",
    "send",
    "contact",
    "notify",
    "reach",
    "submit",
    "schreib",
    "kontakt",
    "wende",
    "security",
    "sicherheit",
    "inform ",
];
/// Places where reports are closed.
const CLOSED: &[&str] = &[
    "/security/advisories",
    "hackerone.com",
    "bugcrowd.com",
    "intigriti.com",
    "yeswehack.com",
    "huntr.dev",
    "huntr.com",
    "private vulnerability report",
    "privately report",
    "private security advisor",
    "security advisory form",
    "\"report a vulnerability\"",
    "security/report",
    "confidential issue",
    "vertrauliches issue",
    "/-/issues/new?issue[confidential]=true",
];
/// Words of keeping something closed.
const PRIVATE: &[&str] = &["privat", "confidential", "vertraulich", "signal "];
/// Words of answering and of making good.
const ANSWERING: &[&str] = &[
    "respon",
    "repl",
    "answer",
    "acknowledg",
    "triage",
    "hear back",
    "hear from",
    "confirm",
    "disclos",
    "fix",
    "patch",
    "resolve",
    "get back",
    "feedback",
    "contact you",
    "address",
    "mitigat",
    "embargo",
    "remediat",
    "publish",
    "assess",
    "follow up",
    "follow-up",
    "investigat",
    "antwort",
    "rückmeld",
    "bestätig",
    "beheb",
    "reagier",
    "melden uns",
];
/// Words of times that are over.
const PAST: &[&str] = &[" ago", "last updated", "since ", "zuletzt", " vor "];

/// What a paragraph stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// The whole document is about security.
    pub(super) is_policy: bool,
    /// The heading above is about reports.
    pub(super) is_about_reports: bool,
    /// The heading above is about answers and times.
    pub(super) is_about_answers: bool,
}

/// The themes that a paragraph in small letters shows: each with whether it says so plainly.
pub(super) fn themes_of(paragraph: &str, place: Place) -> Vec<(Theme, bool)> {
    let mut found = Vec::new();
    let has = |text: &str, list: &[&str]| list.iter().any(|word| text.contains(word));
    if ["[insert", "todo:", "<insert", "your-email", "@example.com", "your_email"]
        .iter()
        .any(|word| paragraph.contains(word))
    {
        return found;
    }
    let tells = place.is_about_reports || has(paragraph, TELLING);
    let is_meant = tells || place.is_policy && has(paragraph, WRITING);
    for sentence in sentences(paragraph) {
        let is_refused = refuses(sentence);
        for part in parts(sentence) {
            let is_part_refused = refuses(part);
            let (mail, link) = (has_mail(part), part.contains("https://") || part.contains("http://"));
            let closed = mail || has(part, CLOSED);
            if closed && is_meant {
                // Who refuses an address may mean another use of it; who refuses a closed way has none.
                if mail || !is_part_refused {
                    found.push((Theme::PrivateChannel, !is_part_refused));
                    found.push((Theme::Contact, !is_part_refused));
                }
            } else if is_meant && has(sentence, PRIVATE) && !is_refused {
                found.push((Theme::PrivateChannel, false));
                found.push((Theme::Contact, false));
            } else if link {
                let is_told = is_meant && has(sentence, TELLING) && !is_part_refused;
                found.push((Theme::Contact, is_told));
            }
        }
        if has_time(sentence) && !has(sentence, PAST) {
            let is_answer = has(sentence, ANSWERING) || place.is_about_answers;
            let is_own = place.is_policy || tells;
            if is_own {
                found.push((Theme::ResponseTime, is_answer && !is_denied(sentence)));
            }
        }
    }
    found
}

/// Whether an answer itself is denied; "if you do not hear from us" denies none.
fn is_denied(sentence: &str) -> bool {
    [
        "we do not",
        "we don't",
        "we cannot",
        "we can't",
        "no response",
        "no guarantee",
        "wir antworten nicht",
        "keine antwort",
    ]
    .iter()
    .any(|words| sentence.contains(words))
}

fn refuses(text: &str) -> bool {
    let letters: String = text
        .chars()
        .map(|letter| if letter.is_alphanumeric() || matches!(letter, '\'' | '’') { letter } else { ' ' })
        .collect();
    let words = format!(" {} ", letters.replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" "));
    REFUSING.iter().any(|word| words.contains(&format!(" {word} ")))
}

/// Sentences end with a mark and a space; a dot inside an address ends nothing.
fn sentences(text: &str) -> Vec<&str> {
    let (mut all, mut from) = (Vec::new(), 0);
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let is_before_space = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if letter == '|' || matches!(letter, '.' | '!' | '?') && is_before_space {
            let end = place + letter.len_utf8();
            all.extend(text.get(from..end));
            from = end;
        }
    }
    all.extend(text.get(from..));
    all
}

/// Parts of a sentence that can say opposite things.
fn parts(sentence: &str) -> Vec<&str> {
    let mut parts = vec![sentence];
    for sign in
        [", ", "; ", ": ", " – ", " — ", " - ", " but ", " instead", " sondern ", " stattdessen", " rather than "]
    {
        parts = parts.into_iter().flat_map(|part| part.split(sign)).collect();
    }
    parts
}

fn has_mail(text: &str) -> bool {
    text.split(|letter: char| letter.is_whitespace() || "<>()[]`\"',:;*_|".contains(letter)).any(is_mail)
        || ["[at]", "(at)", " at security dot "].iter().any(|mask| text.contains(mask))
}

fn is_mail(word: &str) -> bool {
    let Some((local, host)) = word.split_once('@') else { return false };
    !local.is_empty() && local != "git" && host.trim_end_matches('.').contains('.') && !host.contains('/')
}

/// A span of time in words: a number and a unit after it.
fn has_time(low: &str) -> bool {
    const UNITS: &[&str] = &["hour", "day", "week", "month", "stunde", "tage", "woche", "monat"];
    const BEFORE_UNITS: &[&str] = &["business", "working", "calendar", "werktag", "arbeitstag"];
    const NUMBERS: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "ten", "fourteen", "thirty", "ninety", "zwei", "drei"];
    let words: Vec<&str> =
        low.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let starts = |list: &[&str], word: &str| list.iter().any(|unit| word.starts_with(unit));
    // A number with its unit in one word (`48h`).
    let is_joined = |word: &&str| {
        let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
        unit.len() < word.len() && matches!(unit, "h" | "hrs" | "hours" | "days")
    };
    let is_span = |number: &str, unit: &str| {
        let counts = number.chars().all(|letter| letter.is_ascii_digit()) || NUMBERS.contains(&number);
        let is_one = matches!(number, "a" | "an" | "einem" | "einer") && starts(UNITS, unit);
        is_one || (counts && (starts(UNITS, unit) || starts(BEFORE_UNITS, unit)))
    };
    words.iter().any(is_joined) || words.windows(2).any(|pair| matches!(pair, [number, unit] if is_span(number, unit)))
}
