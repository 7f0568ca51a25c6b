// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What in an advisory cannot be compared as its source wrote it. It is taken all the same; who relies on it has to know.

use std::cmp::Ordering;

use underpin_model::watch::{Advisory, Event, Range};

use super::{distro_release, ecosystem, evaluation};
use crate::version::{Scheme, compare, is_valid};

macro_rules! doubt_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// The kinds of doubts. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DoubtCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl DoubtCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

doubt_codes! {
    UnknownEcosystem "unknown-ecosystem" "The advisory names an ecosystem that is not known here. It is kept and shown; no package is held against it.";
    OddVersion "odd-version" "A range names what is no version in its ecosystem. Versions inside the range are called affected; outside of it nothing is certain.";
    RangeBackwards "range-backwards" "A range ends before it begins. It was read by the letter of the schema, in the order of versions: so it may be open to the end.";
    EventsOutOfOrder "events-out-of-order" "The events of a range do not stand in the order of their versions. They were read in that order.";
}

/// Something in an advisory that is in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The stable code.
    pub code: DoubtCode,
    /// JSON pointer to the range or package in an OSV record.
    pub place: String,
    /// What stands there.
    pub detail: String,
}

/// Everything that is in doubt in an advisory, at most `most`.
pub fn doubts(advisory: &Advisory<'_>, most: usize) -> Vec<Doubt> {
    let mut found = Vec::new();
    for (number, affected) in advisory.affected.iter().enumerate() {
        let key = ecosystem::canonical(&affected.ecosystem);
        let is_known = ecosystem::of_name(&key).is_some() || distro_release::scheme(&key).is_some();
        if !affected.name.is_empty() && !affected.ecosystem.is_empty() && !is_known {
            let place = format!("/affected/{number}/package/ecosystem");
            found.push(Doubt { code: DoubtCode::UnknownEcosystem, place, detail: shown(&affected.ecosystem) });
        }
        let native = ecosystem::scheme(&key);
        for (place, range) in affected.ranges.iter().enumerate() {
            if found.len() >= most {
                return found;
            }
            let Some(scheme) = evaluation::order_of(range.kind, native).filter(|_| is_known) else { continue };
            if let Some((code, detail)) = of_range(scheme, range) {
                found.push(Doubt { code, place: format!("/affected/{number}/ranges/{place}"), detail });
            }
        }
    }
    found.truncate(most);
    found
}

/// A piece of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

fn of_range(scheme: Scheme, range: &Range<'_>) -> Option<(DoubtCode, String)> {
    let is_start = |event: &Event<'_>| event.version().trim() == "0";
    let is_bound = |event: &&Event<'_>| !matches!(event, Event::Limit(_));
    let is_odd = |event: &&Event<'_>| !is_start(event) && event.version() != "*" && !is_valid(scheme, event.version());
    if let Some(odd) = range.events.iter().find(is_odd) {
        return Some((DoubtCode::OddVersion, shown(odd.version())));
    }
    let order = |a: &Event<'_>, b: &Event<'_>| match (is_start(a), is_start(b)) {
        (false, false) => compare(scheme, a.version(), b.version()),
        (a, b) => b.cmp(&a),
    };
    let bounds: Vec<&Event<'_>> = range.events.iter().filter(is_bound).collect();
    let wrong = bounds.windows(2).find_map(|pair| match pair {
        [first, second] if order(second, first) == Ordering::Less => Some((*first, *second)),
        _ => None,
    })?;
    let (first, second) = wrong;
    let closes = !matches!(second, Event::Introduced(_)) && matches!(first, Event::Introduced(_));
    let code = if closes { DoubtCode::RangeBackwards } else { DoubtCode::EventsOutOfOrder };
    Some((code, format!("{} before {}", shown(first.version()), shown(second.version()))))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::matching::test_records::read;

    #[test]
    fn what_is_in_doubt() {
        let events = |events: Value| json!([{ "type": "ECOSYSTEM", "events": events }]);
        for (ecosystem, ranges, expected) in [
            ("npm", events(json!([{ "introduced": "0" }, { "fixed": "1.0.0" }])), None),
            ("npm", events(json!([{ "introduced": "0" }, { "fixed": "0" }])), None),
            ("npm", events(json!([{ "introduced": "1.0.0" }, { "fixed": "2.0.0" }, { "introduced": "3.0.0" }])), None),
            ("npm", events(json!([{ "introduced": "2.0.0" }, { "fixed": "1.0.0" }])), Some("range-backwards")),
            ("npm", events(json!([{ "introduced": "2.0.0" }, { "last_affected": "0" }])), Some("range-backwards")),
            ("npm", events(json!([{ "fixed": "2.0.0" }, { "introduced": "1.0.0" }])), Some("events-out-of-order")),
            ("npm", events(json!([{ "introduced": "now" }])), Some("odd-version")),
            ("npm", events(json!([{ "introduced": "0" }, { "limit": "*" }])), None),
            ("Debian:12", events(json!([{ "introduced": "0" }, { "fixed": "a:b" }])), Some("odd-version")),
            ("Debian:99", events(json!([{ "introduced": "0" }])), None),
            ("Moon rocks", events(json!([{ "introduced": "2" }, { "fixed": "1" }])), Some("unknown-ecosystem")),
            ("npm", json!([{ "type": "GIT", "events": [{ "introduced": "ff" }, { "fixed": "aa" }] }]), None),
        ] {
            let affected = json!([{ "package": { "ecosystem": ecosystem, "name": "lantern" }, "ranges": ranges }]);
            let record = json!({ "id": "X-1", "affected": affected });
            let found = doubts(&read(&record), 10);
            assert_eq!(found.iter().map(|doubt| doubt.code.as_str()).next(), expected, "{record}");
            assert!(found.len() <= 1 && found.iter().all(|doubt| doubt.place.starts_with("/affected/0/")), "{found:?}");
        }
    }

    #[test]
    fn no_more_than_asked_for() {
        let ranges = vec![json!({ "type": "ECOSYSTEM", "events": [{ "introduced": "x y" }] }); 50];
        let affected = vec![json!({ "package": { "ecosystem": "npm", "name": "a" }, "ranges": ranges }); 3];
        assert_eq!(doubts(&read(&json!({ "id": "X-1", "affected": affected })), 20).len(), 20);
    }

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut codes: Vec<_> = DoubtCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), DoubtCode::ALL.len());
    }
}
