// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What single texts must be: addresses, dates, languages, media types, mail addresses, licences.

use spdx::{Expression, ParseMode};

/// Identifiers as the list writes them, deprecated ones too; `GPL-2.0+` as it was once written.
const LICENCES: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// The scheme of an address and what follows the colon (RFC 3986). `None` where it is none.
pub(crate) fn scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_fit = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let is_whole = !rest.is_empty() && !text.contains(|letter: char| letter.is_control() || letter == ' ');
    (is_fit && is_whole && escapes(rest)).then(|| (scheme.to_ascii_lowercase(), rest))
}

/// Whether each percent sign begins an escape.
fn escapes(text: &str) -> bool {
    let mut parts = text.split('%');
    parts.next();
    parts.all(|part| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// The host of an address that has one.
fn host(rest: &str) -> Option<&str> {
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let is_fit = !host.is_empty() && !host.contains(['<', '>', '"', '^', '`', '{', '|', '}', '\\']);
    (is_fit && !host.starts_with(':')).then_some(host)
}

/// An address with a scheme and something behind it.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = scheme(text) else { return false };
    match (scheme.as_str(), rest.starts_with("//")) {
        ("file", _) => rest.trim_start_matches('/').len() > 1,
        (_, true) => host(rest).is_some(),
        ("http" | "https", false) => false,
        (_, false) => !rest.starts_with('/'),
    }
}

/// An address of the web.
pub(crate) fn is_web_address(text: &str) -> bool {
    is_address(text) && scheme(text).is_some_and(|(scheme, _)| matches!(scheme.as_str(), "http" | "https"))
}

/// What comes of an identifier of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Organisation {
    Fit,
    Unfit,
    /// A code of the Italian register of public offices, which is not here.
    OfItaly,
}

/// A web address, or a name (URN, RFC 2141) that says who an organisation is.
pub(crate) fn organisation(text: &str) -> Organisation {
    let Some((scheme, rest)) = scheme(text) else { return Organisation::Unfit };
    if scheme == "urn" {
        return match rest.split_once(':') {
            Some((space, _)) if space.eq_ignore_ascii_case("x-italian-pa") && is_urn(rest) => Organisation::OfItaly,
            _ if is_urn(rest) => Organisation::Fit,
            _ => Organisation::Unfit,
        };
    }
    if host(rest).is_some() { Organisation::Fit } else { Organisation::Unfit }
}

fn is_urn(rest: &str) -> bool {
    let Some((space, name)) = rest.split_once(':') else { return false };
    let is_space = space.len() <= 32
        && space.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && space.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"()+,-.:=@;$_!*'%/?#".contains(&byte);
    is_space && !space.eq_ignore_ascii_case("urn") && !name.is_empty() && name.bytes().all(is_name)
}

/// A day as `YYYY-MM-DD`, one that there is.
pub(crate) fn is_date(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?;
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (digits(year), digits(month), digits(day)) else { return false };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let most = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=most).contains(&day)
}

/// A language tag after the grammar of BCP 47 (RFC 5646, section 2.1), without the tags of old that break it.
fn is_language(text: &str) -> bool {
    let all = |part: &str, is_fit: fn(&u8) -> bool| part.as_bytes().iter().all(is_fit);
    let letters = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && all(part, u8::is_ascii_alphabetic)
    };
    let both = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && all(part, u8::is_ascii_alphanumeric)
    };
    let mut parts = text.split('-').peekable();
    let private = |parts: std::iter::Peekable<std::str::Split<'_, char>>| {
        let parts: Vec<&str> = parts.collect();
        !parts.is_empty() && parts.iter().all(|part| both(part, 1, 8))
    };
    let Some(first) = parts.next() else { return false };
    if first.eq_ignore_ascii_case("x") {
        return private(parts);
    }
    if !letters(first, 2, 8) {
        return false;
    }
    let mut extensions = 0;
    while first.len() < 4 && extensions < 3 && parts.next_if(|part| letters(part, 3, 3)).is_some() {
        extensions += 1;
    }
    parts.next_if(|part| letters(part, 4, 4));
    parts.next_if(|part| letters(part, 2, 2) || (part.len() == 3 && all(part, u8::is_ascii_digit)));
    let is_variant = |part: &&str| {
        both(part, 5, 8) || (both(part, 4, 4) && part.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    while parts.next_if(is_variant).is_some() {}
    while let Some(letter) = parts.next() {
        if letter.eq_ignore_ascii_case("x") {
            return private(parts);
        }
        if !both(letter, 1, 1) || parts.next_if(|part| both(part, 2, 8)).is_none() {
            return false;
        }
        while parts.next_if(|part| both(part, 2, 8)).is_some() {}
    }
    true
}

/// Whether a language tag is well formed, its language is one of ISO 639, and its country, where it names one, is one.
pub(crate) fn is_known_language(text: &str) -> bool {
    let language = text.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let is_known = match language.len() {
        2 => isolang::Language::from_639_1(&language).is_some(),
        3 => isolang::Language::from_639_3(&language).is_some(),
        _ => language == "x",
    };
    is_known && is_language(text)
}

/// A media type after RFC 2045.
pub(crate) fn is_media_type(text: &str) -> bool {
    let Some((kind, name)) = text.trim_matches(' ').split_once('/') else { return false };
    let is_fit = |part: &str, more: &[u8]| {
        part.len() <= 127
            && part.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_-".contains(&byte) || more.contains(&byte))
    };
    is_fit(kind, b"") && is_fit(name, b".+")
}

/// A mail address: something, one `@`, and a name of a host with a dot.
pub(crate) fn is_mail_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let is_local = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !local.contains(|letter: char| {
            letter.is_control() || letter.is_whitespace() || "()<>,;:\\\"[]@".contains(letter)
        });
    is_local && host.contains('.') && host.split('.').all(is_label)
}

/// A licence expression of SPDX.
pub(crate) fn is_licence(text: &str) -> bool {
    Expression::parse_mode(text, LICENCES).is_ok()
        || spdx::identifiers::LICENSES.iter().any(|licence| licence.name.eq_ignore_ascii_case(text))
}

/// A day and a time with its distance from UTC, as `2030-01-31T12:00:00Z` (RFC 3339).
pub(crate) fn is_moment(text: &str) -> bool {
    let (Some(day), Some(rest)) = (text.get(..10), text.get(11..)) else { return false };
    let is_apart = text.get(10..11).is_some_and(|letter| letter.eq_ignore_ascii_case("t"));
    let has_distance =
        rest.ends_with(['Z', 'z']) || rest.get(rest.len().saturating_sub(3)..).is_some_and(|end| end.starts_with(':'));
    is_date(day) && is_apart && rest.len() >= 9 && has_distance && text.parse::<underpin_model::Timestamp>().is_ok()
}

/// Three numbers with dots, the first of them not 0.
pub(crate) fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number) && !text.starts_with('0')
}

/// Two letters for each country (ISO 3166-1).
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Whether two capital letters are a country.
pub(crate) fn is_country(text: &str) -> bool {
    text.len() == 2 && COUNTRIES.split(' ').any(|country| country == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, is_any, is_web) in [
            ("https://example.org/a?b#c", true, true),
            ("HTTP://example.org", true, true),
            ("git://example.org/a.git", true, false),
            ("mailto:someone", true, false),
            ("https://", false, false),
            ("https:/example.org", false, false),
            ("https://exa mple.org", false, false),
            ("https://example.org/%zz", false, false),
            ("example.org", false, false),
            ("???", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_address(text), is_web_address(text)), (is_any, is_web), "{text}");
        }
    }

    #[test]
    fn organisations() {
        assert_eq!(organisation("https://example.gov"), Organisation::Fit);
        assert_eq!(organisation("urn:lei:5299"), Organisation::Fit);
        assert_eq!(organisation("urn:X-Italian-PA:pcm"), Organisation::OfItaly);
        for text in ["1", "urn:", "urn:a", "urn:a:", "mailto:x", "urn:a:ä"] {
            assert_eq!(organisation(text), Organisation::Unfit, "{text}");
        }
    }

    #[test]
    fn days() {
        for text in ["2024-02-29", "2000-02-29", "2023-12-31"] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-00-10",
            "2023-04-31",
            "2023-4-1",
            "",
            "2023-01-01T00:00:00Z",
            "+023-01-01",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn moments() {
        for text in ["2030-01-31T12:00:00Z", "2030-01-31t12:00:00z", "2030-01-31T12:00:00.5+01:00"] {
            assert!(is_moment(text), "{text}");
        }
        for text in [
            "2030-01-31",
            "2030-01-31T12:00:00",
            "2030-02-31T12:00:00Z",
            "2030-01-31 12:00:00Z",
            "2030-01-31T25:00:00Z",
            "",
        ] {
            assert!(!is_moment(text), "{text}");
        }
    }

    #[test]
    fn languages() {
        for text in [
            "en",
            "en-GB",
            "sl-IT-nedis",
            "zh-Hant-TW",
            "zh-cmn-Hans",
            "de-CH-1901",
            "en-u-ca-gregory",
            "x-own",
            "es-419",
            "en-x-a",
        ] {
            assert!(is_language(text), "{text}");
        }
        for text in ["en_GB", "", "e", "en-", "-en", "en-GB-GB", "en-u", "x", "123", "en-x", "english language"] {
            assert!(!is_language(text), "{text}");
        }
        for (text, expected) in [("en-GB", true), ("nds", true), ("xxx", false), ("zz", false), ("hr_HR", false)] {
            assert_eq!(is_known_language(text), expected, "{text}");
        }
    }

    #[test]
    fn small_texts() {
        for (text, expected) in
            [("text/plain", true), (" a/b ", true), ("image/svg+xml", true), ("foobar", false), ("a/", false)]
        {
            assert_eq!(is_media_type(text), expected, "{text}");
        }
        for (text, expected) in
            [("a.b@example.org", true), ("a@b", false), ("a@.org", false), ("@b.org", false), ("a b@c.org", false)]
        {
            assert_eq!(is_mail_address(text), expected, "{text}");
        }
        for (text, expected) in [
            ("MIT OR Apache-2.0", true),
            ("GPL-2.0", true),
            ("eupl-1.2", true),
            ("Invalid License", false),
            ("", false),
        ] {
            assert_eq!(is_licence(text), expected, "{text}");
        }
    }
}
