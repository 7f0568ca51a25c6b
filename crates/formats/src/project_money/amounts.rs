// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Amounts and days as people write them, without floating point.

use serde_json::Value as Json;
use underpin_model::Timestamp;
use underpin_model::project_money::{Amount, Currency, MoneyGap};

/// Digits of an amount; a longer one is a mistake.
const DIGITS: usize = 15;

/// Hundredths of an amount: `843,59`, `1.030,07`, `1,030.07`, `1 030.07`, `3000`. One or two digits after the last mark are a fraction;
/// three are a group, because amounts are not written with three decimals.
pub(super) fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim().trim_matches(['€', '$', '£']).trim();
    let (is_negative, bare) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
    let bare: String = bare.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let (whole, fraction) = match bare.rfind(['.', ',']) {
        Some(at) if bare.len() - at - 1 < 3 => (&bare[..at], &bare[at + 1..]),
        _ => (bare.as_str(), "0"),
    };
    let mut groups = whole.split(['.', ',']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || (1..=3).contains(&first.len());
    let is_one_mark = !(whole.contains('.') && whole.contains(','));
    let is_good = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let digits: String = std::iter::once(first).chain(rest.iter().copied()).collect();
    if !is_grouped
        || !is_one_mark
        || rest.iter().any(|group| group.len() != 3)
        || !is_good(&digits)
        || !is_good(fraction)
    {
        return None;
    }
    if digits.len() > DIGITS {
        return None;
    }
    let cents = digits.parse::<i64>().ok()? * 100 + format!("{fraction:0<2}").parse::<i64>().ok()?;
    Some(if is_negative { -cents } else { cents })
}

/// An amount of a JSON file with the currency beside it; `None` where none is given.
pub(super) fn amount(value: Option<&Json>, currency: Option<&str>) -> Result<Option<Amount>, MoneyGap> {
    let text = match value {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::String(text)) => text.clone(),
        Some(_) => return Err(MoneyGap::UnreadableAmount),
    };
    // A number has a point before its fraction, and never a group: `1.5` and `1.500` are the same.
    let text = match text.split_once('.') {
        Some((whole, fraction)) if matches!(value, Some(Json::Number(_))) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.len() > 2 {
                return Err(MoneyGap::UnreadableAmount);
            }
            format!("{whole}.{fraction:0<2}")
        }
        _ => text,
    };
    let hundredths = hundredths(&text).ok_or(MoneyGap::UnreadableAmount)?;
    let currency: Currency = currency.unwrap_or_default().parse().map_err(|()| MoneyGap::UnknownCurrency)?;
    Ok(Some(Amount { hundredths, currency }))
}

/// A day: `2021-04-22`, or `22.4.2021`. What has slashes may mean two days and is none.
pub(super) fn day(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let parts: Vec<&str> = if text.contains('.') { text.split('.').rev().collect() } else { text.split('-').collect() };
    let [year, month, day] = parts[..] else { return None };
    let is_good = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if year.len() != 4
        || !(1..=2).contains(&month.len())
        || !(1..=2).contains(&day.len())
        || !parts.iter().all(|part| is_good(part))
    {
        return None;
    }
    format!("{year}-{month:0>2}-{day:0>2}T00:00:00Z").parse().ok()
}

/// The first moments of a year and of the next one.
pub(super) fn year(number: i64) -> Option<(Timestamp, Timestamp)> {
    let first = |number: i64| format!("{number:04}-01-01T00:00:00Z").parse().ok();
    if !(1970..=2200).contains(&number) {
        return None;
    }
    Some((first(number)?, first(number + 1)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_in_many_hands() {
        for (text, expected) in [
            ("843,59", Some(84_359)),
            ("1030,07", Some(103_007)),
            ("1.030,07", Some(103_007)),
            ("1,030.07", Some(103_007)),
            ("1 030.7", Some(103_070)),
            ("1.234.567", Some(123_456_700)),
            ("-12", Some(-1_200)),
            ("€ 5", Some(500)),
            ("5 €", Some(500)),
            ("0", Some(0)),
            ("1.2.3", None),
            ("1,2345", None),
            ("12,345.678,9", None),
            ("1e9", None),
            ("", None),
            (".", None),
            ("12.", None),
            ("ten", None),
            ("9999999999999999", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_json_have_no_groups() {
        let read = |value: Json| amount(Some(&value), Some("USD")).map(|amount| amount.map(|one| one.hundredths));
        assert_eq!(read(json!(3000)), Ok(Some(300_000)));
        assert_eq!(read(json!(1.5)), Ok(Some(150)));
        assert_eq!(read(json!(1500.25)), Ok(Some(150_025)));
        assert_eq!(read(json!("1.500")), Ok(Some(150_000)));
        assert_eq!(read(json!(1.234)), Err(MoneyGap::UnreadableAmount));
        assert_eq!(read(json!(1e30)), Err(MoneyGap::UnreadableAmount));
        assert_eq!(read(json!([1])), Err(MoneyGap::UnreadableAmount));
        assert_eq!(read(Json::Null), Ok(None));
        assert_eq!(amount(Some(&json!(5)), None), Err(MoneyGap::UnknownCurrency));
    }

    #[test]
    fn days_of_two_countries() {
        let april: Timestamp = "2021-04-22T00:00:00Z".parse().expect("a day");
        for (text, expected) in [
            ("22.4.2021", Some(april)),
            ("22.04.2021", Some(april)),
            ("2021-04-22", Some(april)),
            ("04/22/2021", None),
            ("31.2.2021", None),
            ("22.4.21", None),
            ("2021", None),
            ("", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(year(2024).map(|(from, until)| (until.0 - from.0) / Timestamp::DAY_US), Some(366));
        assert_eq!((year(1), year(99_999)), (None, None));
    }

    proptest! {
        #[test]
        fn an_amount_is_read_as_it_was_written(cents in 0_i64..1_000_000_000_000) {
            let (whole, rest) = (cents / 100, cents % 100);
            for text in [format!("{whole}.{rest:02}"), format!("{whole},{rest:02}")] {
                prop_assert_eq!(hundredths(&text), Some(cents));
            }
        }

        #[test]
        fn no_text_is_too_odd(text in ".{0,40}") {
            let _ = (hundredths(&text), day(&text));
        }
    }
}
