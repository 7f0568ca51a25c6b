// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers as people write them.

use crate::Language;

/// A whole number with its thousands set apart: 12,345 in English, 12 345 in German (with a narrow space that does not break, as DIN 5008 has it).
pub fn count(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let mark = match language {
        Language::English => ',',
        Language::German => '\u{202f}',
    };
    let is_short = digits.len() < 4 || (language == Language::German && digits.len() < 5);
    if is_short {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A share of a whole in percent, without a fraction. Only nothing is 0 %, and only all is 100 %. `None` of nothing.
pub fn percent(part: u64, whole: u64) -> Option<u64> {
    if whole == 0 {
        return None;
    }
    let rounded = (u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole) * 2);
    let rounded = u64::try_from(rounded).unwrap_or(u64::MAX);
    Some(match rounded {
        0 if part > 0 => 1,
        100 if part < whole => 99,
        other => other,
    })
}

/// A decimal with one digit behind the point.
pub fn tenths(language: Language, tenths: u64) -> String {
    let point = match language {
        Language::English => '.',
        Language::German => ',',
    };
    format!("{}{point}{}", count(language, tenths / 10), tenths % 10)
}

/// A decimal with at most three digits behind the point, and none of them without need.
pub fn thousandths(language: Language, number: f64) -> String {
    // A cast keeps what is too large, and what is no number, within bounds.
    let thousandths = (number.max(0.0) * 1_000.0).round() as u64;
    let digits = format!("{:03}", thousandths % 1_000);
    let (whole, digits) = (count(language, thousandths / 1_000), digits.trim_end_matches('0'));
    match (digits, language) {
        ("", _) => whole,
        (digits, Language::English) => format!("{whole}.{digits}"),
        (digits, Language::German) => format!("{whole},{digits}"),
    }
}

/// An amount of euro: `€5,000,000` in English, `5 000 000 €` in German; cents only where there are some.
pub fn euro(language: Language, cents: i64) -> String {
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let sign = if cents < 0 { "−" } else { "" };
    let digits = count(language, whole);
    let fraction = |point: char| if rest == 0 { String::new() } else { format!("{point}{rest:02}") };
    match language {
        Language::English => format!("{sign}€{digits}{}", fraction('.')),
        Language::German => format!("{sign}{digits}{}\u{a0}€", fraction(',')),
    }
}

/// An amount in hundredths of a currency, which is told by its three letters (ISO 4217); euro as [`euro`] writes them.
pub fn money(language: Language, hundredths: i64, currency: &str) -> String {
    if currency == "EUR" {
        return euro(language, hundredths);
    }
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let sign = if hundredths < 0 { "−" } else { "" };
    let point = match language {
        Language::English => '.',
        Language::German => ',',
    };
    format!("{sign}{}{point}{rest:02}\u{a0}{currency}", count(language, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_stays_in_its_currency() {
        for (language, hundredths, currency, expected) in [
            (Language::English, 123_450, "GBP", "1,234.50\u{a0}GBP"),
            (Language::German, 1_234_550, "GBP", "12\u{202f}345,50\u{a0}GBP"),
            (Language::English, -5, "USD", "−0.05\u{a0}USD"),
            (Language::German, 5_000, "EUR", "50\u{a0}€"),
        ] {
            assert_eq!(money(language, hundredths, currency), expected);
        }
    }

    #[test]
    fn decimals_have_the_digits_that_they_need() {
        for (number, english, german) in [
            (0.0, "0", "0"),
            (0.003, "0.003", "0,003"),
            (0.3, "0.3", "0,3"),
            (12_000.25, "12,000.25", "12\u{202f}000,25"),
            (0.9996, "1", "1"),
            (-1.0, "0", "0"),
            (f64::NAN, "0", "0"),
        ] {
            assert_eq!(thousandths(Language::English, number), english);
            assert_eq!(thousandths(Language::German, number), german);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        let cases = [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1,000", "1000"),
            (12345, "12,345", "12\u{202f}345"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ];
        for (number, english, german) in cases {
            assert_eq!(count(Language::English, number), english);
            assert_eq!(count(Language::German, number), german);
        }
        assert_eq!(tenths(Language::German, 98), "9,8");
        assert_eq!(tenths(Language::English, 100), "10.0");
    }

    #[test]
    fn only_nothing_is_zero_and_only_all_is_a_hundred() {
        let cases = [
            (0, 10, Some(0)),
            (1, 1000, Some(1)),
            (999, 1000, Some(99)),
            (10, 10, Some(100)),
            (1, 3, Some(33)),
            (2, 3, Some(67)),
            (0, 0, None),
        ];
        for (part, whole, expected) in cases {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
    }

    #[test]
    fn amounts_as_each_language_writes_them() {
        for (cents, english, german) in [
            (500_000_000, "€5,000,000", "5\u{202f}000\u{202f}000\u{a0}€"),
            (123_405, "€1,234.05", "1234,05\u{a0}€"),
            (-50, "−€0.50", "−0,50\u{a0}€"),
            (0, "€0", "0\u{a0}€"),
        ] {
            let told = [Language::English, Language::German].map(|language| euro(language, cents));
            assert_eq!(told, [english, german], "{cents}");
        }
    }
}
