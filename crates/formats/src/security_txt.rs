// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! security.txt: where to report a vulnerability (RFC 9116), with the field `CSAF` of CSAF 2.0, section 7.1.8.
//!
//! Fields are judged and forgotten: a contact may be a person.

use underpin_model::Timestamp;
use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::{Fault, FaultCode, Inspection};

use crate::declarations::values;

/// Fields whose value is an address; the last ones are known from registers, not from the standard.
const ADDRESSES: &[&str] =
    &["contact", "encryption", "acknowledgments", "canonical", "policy", "hiring", "csaf", "bug-bounty"];
/// Beyond this many days a date of expiry is later than recommended (section 2.5.5).
const RECOMMENDED_DAYS: i64 = 366;

/// Holds a file against the standard, as of a moment.
pub fn inspect(path: &str, bytes: &[u8], as_of: Timestamp) -> Inspection {
    let mut work = Work { path, as_of, found: Inspection::default(), seen: Vec::new() };
    if bytes.len() as u64 > DECLARATION_BYTES {
        work.fault(FaultCode::BeyondLimits, 1, "");
        return work.found;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        work.fault(FaultCode::NotUtf8, 1, "");
        return work.found;
    };
    let text = text.strip_prefix('\u{feff}').map_or(text, |rest| {
        work.fault(FaultCode::ByteOrderMark, 1, "");
        rest
    });
    let lines: Vec<&str> = text.split('\n').collect();
    let parts = parts(&lines);
    for (number, line) in &parts.inside {
        work.line(*number, line.strip_suffix('\r').unwrap_or(line));
    }
    for number in parts.outside {
        work.fault(FaultCode::NotAllowedHere, number, "");
    }
    if parts.is_open {
        work.fault(FaultCode::Missing, lines.len(), "PGP SIGNATURE");
    }
    if !text.ends_with('\n') {
        work.fault(FaultCode::NoLineEnd, lines.len(), "");
    }
    for name in ["contact", "expires"] {
        if !work.has(name) {
            work.fault(FaultCode::Missing, 1, name);
        }
    }
    work.found.sort();
    work.found
}

/// The parts of a file that may have a cleartext signature of OpenPGP (RFC 9116, section 2.3).
#[derive(Default)]
struct Parts<'a> {
    /// The lines that count, with their numbers from 1.
    inside: Vec<(usize, &'a str)>,
    /// Lines that say something and are not signed, though others are.
    outside: Vec<usize>,
    /// Whether a signed text begins and its signature is not there.
    is_open: bool,
}

fn parts<'a>(lines: &[&'a str]) -> Parts<'a> {
    const HEAD: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
    let all = || lines.iter().enumerate().map(|(place, line)| (place + 1, *line));
    let Some(start) = lines.iter().position(|line| line.trim_end() == HEAD) else {
        return Parts { inside: all().collect(), ..Parts::default() };
    };
    let find = |from: usize, words: &str| {
        let rest = lines.iter().skip(from).position(|line| line.trim_end() == words);
        rest.map(|place| from + place)
    };
    let signature = find(start, "-----BEGIN PGP SIGNATURE-----");
    let end = signature.and_then(|place| find(place, "-----END PGP SIGNATURE-----"));
    let inside = all().take(signature.unwrap_or(lines.len())).skip(start + 1);
    let inside = inside.skip_while(|(_, line)| !line.trim().is_empty());
    let says = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
    let after = end.map_or(lines.len(), |place| place + 1);
    let outside = all().filter(|(number, line)| (*number <= start || *number > after) && says(line));
    Parts {
        inside: inside.map(|(number, line)| (number, line.strip_prefix("- ").unwrap_or(line))).collect(),
        outside: outside.map(|(number, _)| number).collect(),
        is_open: end.is_none(),
    }
}

struct Work<'a> {
    path: &'a str,
    as_of: Timestamp,
    found: Inspection,
    /// Names of fields so far, in small letters.
    seen: Vec<String>,
}

impl Work<'_> {
    fn place(&self, code: FaultCode, line: usize, field: &str) -> Fault {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Fault { line: Some(line), ..Fault::of_file(self.path, code).about(field) }
    }

    fn fault(&mut self, code: FaultCode, line: usize, field: &str) {
        let fault = self.place(code, line, field);
        self.found.faults.push(fault);
    }

    fn has(&self, name: &str) -> bool {
        self.seen.iter().any(|seen| seen == name)
    }

    fn line(&mut self, number: usize, line: &str) {
        if line.contains(|letter: char| letter.is_control() && letter != '\t') {
            return self.fault(FaultCode::NoField, number, "");
        }
        if line.trim().is_empty() || line.starts_with('#') {
            return;
        }
        let Some((name, value)) = line.split_once(':') else {
            return self.fault(FaultCode::NoField, number, "");
        };
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_name || !value.starts_with(' ') {
            return self.fault(FaultCode::NoField, number, "");
        }
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "expires" => self.expires(number, value),
            "preferred-languages" => self.languages(number, value),
            name if ADDRESSES.contains(&name) => self.address(number, name, value),
            // Fields that the standard does not know are for others.
            _ => {}
        }
        self.seen.push(name);
    }

    fn address(&mut self, number: usize, name: &str, value: &str) {
        let mail = value.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).and(value.get(7..));
        let is_mail = |mail: &str| values::is_mail_address(mail.split('?').next().unwrap_or_default());
        if !value.is_ascii() || !values::is_address(value) || mail.is_some_and(|mail| !is_mail(mail)) {
            self.fault(FaultCode::NoAddress, number, name);
        } else if value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:")) {
            self.fault(FaultCode::NotEncrypted, number, name);
        }
    }

    fn expires(&mut self, number: usize, value: &str) {
        if self.has("expires") {
            return self.fault(FaultCode::Twice, number, "expires");
        }
        let Some(moment) = value.parse::<Timestamp>().ok().filter(|_| values::is_moment(value)) else {
            return self.fault(FaultCode::NoMoment, number, "expires");
        };
        if moment <= self.as_of {
            self.fault(FaultCode::Expired, number, "expires");
        } else if moment.days_since(self.as_of) > RECOMMENDED_DAYS {
            let late = self.place(FaultCode::ExpiresLate, number, "expires");
            self.found.warnings.push(late);
        }
    }

    fn languages(&mut self, number: usize, value: &str) {
        if self.has("preferred-languages") {
            return self.fault(FaultCode::Twice, number, "preferred-languages");
        }
        if value.split(',').any(|language| !values::is_known_language(language.trim())) {
            self.fault(FaultCode::NoLanguage, number, "preferred-languages");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(FaultCode, u32)> {
        let as_of = "2026-11-27T00:00:00Z".parse().expect("a moment");
        let found = inspect("security.txt", text.as_bytes(), as_of);
        found.faults.into_iter().chain(found.warnings).map(|fault| (fault.code, fault.line.expect("a line"))).collect()
    }

    const GOOD: &str = "# Ours\nContact: mailto:security@example.gov\r\nExpires: 2027-06-01T00:00:00z\nPreferred-Languages: en, de\n\
                        Contact: https://example.gov/report\nX-Own: anything\n";

    #[test]
    fn good_files_have_no_fault() {
        assert_eq!(read(GOOD), []);
        let signed = format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{GOOD}- -----\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
        );
        assert_eq!(read(&signed.replace("- -----\n", "")), []);
    }

    #[test]
    fn a_signed_text_is_whole_and_nothing_stands_beside_it() {
        let head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n";
        let tail = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
        let outside = "Contact: https://evil.example\n";
        for (text, expected) in [
            (format!("{head}{GOOD}{tail}"), vec![]),
            (format!("# Ours\n\n{head}{GOOD}{tail}\n"), vec![]),
            (format!("{head}{GOOD}"), vec![(FaultCode::Missing, 10)]),
            (format!("{head}{GOOD}-----BEGIN PGP SIGNATURE-----\n\nabc\n"), vec![(FaultCode::Missing, 13)]),
            (format!("{outside}{head}{GOOD}{tail}"), vec![(FaultCode::NotAllowedHere, 1)]),
            (format!("{head}{GOOD}{tail}{outside}"), vec![(FaultCode::NotAllowedHere, 14)]),
        ] {
            assert_eq!(read(&text), expected, "{text}");
        }
    }

    #[test]
    fn faults_have_their_lines() {
        for (old, new, expected) in [
            ("mailto:security@example.gov", "security@example.gov", (FaultCode::NoAddress, 2)),
            ("https://example.gov", "http://example.gov", (FaultCode::NotEncrypted, 5)),
            ("2027-06-01T00:00:00z", "2026-06-01T00:00:00Z", (FaultCode::Expired, 3)),
            ("2027-06-01T00:00:00z", "2029-06-01T00:00:00Z", (FaultCode::ExpiresLate, 3)),
            ("2027-06-01T00:00:00z", "2027-06-01", (FaultCode::NoMoment, 3)),
            ("2027-06-01T00:00:00z", "2027-06-01T00:00:00", (FaultCode::NoMoment, 3)),
            ("# Ours", "Expires: 2027-01-01T00:00:00Z", (FaultCode::Twice, 3)),
            ("en, de", "en, english", (FaultCode::NoLanguage, 4)),
            ("# Ours", "Ours", (FaultCode::NoField, 1)),
            ("# Ours", "\u{feff}# Ours", (FaultCode::ByteOrderMark, 1)),
            ("anything", "any\0thing", (FaultCode::NoField, 6)),
            ("gov\r\n", "gov\r\r\n", (FaultCode::NoField, 2)),
            ("mailto:security@example.gov", "mailto:security", (FaultCode::NoAddress, 2)),
            ("https://example.gov", "https://exämple.gov", (FaultCode::NoAddress, 5)),
            ("anything\n", "anything", (FaultCode::NoLineEnd, 6)),
            ("Expires", "Until", (FaultCode::Missing, 1)),
        ] {
            let found = read(&GOOD.replace(old, new));
            assert!(found.contains(&expected), "{new}: {found:?}");
        }
        assert_eq!(read(&GOOD.replace("Contact", "Call")), [(FaultCode::Missing, 1)]);
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            inspect("security.txt", &bytes, Timestamp::default());
        }
    }
}
