// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Amounts of money: whole cents of the euro, never floating point.
//!
//! Sums are checked: what does not fit is `None`, never a wrong amount. In JSON an amount is its number of cents. As text it is
//! `1,250,000.00 EUR`, the same in every language; pages write it in the reader's way. [`Money::from_str`] reads what people
//! type: `5000000`, `5000000.50`, `5 000 000`, `5,000,000.00 EUR`, `€5000000`. A comma is read as a mark between thousands only;
//! `5000,50` is refused, because in one language it means fifty cents and in another nothing.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in euro.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Money {
    /// The amount in cents.
    cents: i64,
}

/// A text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no amount in euro, such as 5000000, 5000000.50 or 5 000 000: {why}")]
pub struct MoneyError {
    /// What was to be read.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self { cents: 0 };

    /// So many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self { cents }
    }

    /// So many whole euro; `None` when that does not fit.
    pub fn from_euro(euro: i64) -> Option<Self> {
        euro.checked_mul(100).map(Self::from_cents)
    }

    /// The amount in cents.
    pub const fn cents(self) -> i64 {
        self.cents
    }

    /// The sum; `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.cents.checked_add(other.cents).map(Self::from_cents)
    }

    /// The difference; `None` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.cents.checked_sub(other.cents).map(Self::from_cents)
    }

    /// So many times the amount; `None` when it does not fit.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.cents.checked_mul(times).map(Self::from_cents)
    }

    /// The sum of all; `None` when it does not fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Divides the amount into `parts` that differ by at most one cent and sum to it; the larger ones come first.
    pub fn split(self, parts: usize) -> Vec<Self> {
        let Ok(count) = i64::try_from(parts) else { return Vec::new() };
        if count == 0 {
            return Vec::new();
        }
        let (each, rest) = (self.cents.div_euclid(count), self.cents.rem_euclid(count));
        (0..count).map(|at| Self::from_cents(each + i64::from(at < rest))).collect()
    }
}

impl Sum for Money {
    /// A sum that does not fit stays at the largest or smallest amount there is; use [`Money::checked_sum`] to be told.
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self::from_cents(amounts.fold(0, |sum: i64, amount| sum.saturating_add(amount.cents)))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let euro = (self.cents.unsigned_abs() / 100).to_string();
        let sign = if self.cents < 0 { "-" } else { "" };
        let mut grouped = String::with_capacity(euro.len() + euro.len() / 3);
        for (at, digit) in euro.char_indices() {
            if at > 0 && (euro.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{sign}{grouped}.{:02} EUR", self.cents.unsigned_abs() % 100))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let refused = |why| MoneyError { text: text.to_owned(), why };
        let bare = text.trim();
        let bare = bare.strip_prefix('€').or_else(|| bare.strip_suffix('€')).unwrap_or(bare);
        let bare = bare.strip_prefix("EUR").or_else(|| bare.strip_suffix("EUR")).unwrap_or(bare).trim();
        let (is_negative, bare) = bare.strip_prefix('-').map_or((false, bare), |rest| (true, rest));
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
        let euro = thousands(whole).ok_or_else(|| refused("a whole number is wanted, with groups of three if any"))?;
        if fraction.is_empty() || fraction.len() > 2 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(refused("one or two digits of cents are wanted after the point"));
        }
        let hundredths: i64 = format!("{fraction:0<2}").parse().map_err(|_| refused("the cents are no number"))?;
        let euro: i64 = euro.parse().map_err(|_| refused("it is too large"))?;
        let cents = euro.checked_mul(100).and_then(|cents| cents.checked_add(hundredths));
        let cents = cents.ok_or_else(|| refused("it is too large"))?;
        Ok(Self::from_cents(if is_negative { -cents } else { cents }))
    }
}

/// The digits of a whole number; marks between thousands must be all the same and stand where they belong.
fn thousands(text: &str) -> Option<String> {
    let is_mark = |letter: char| matches!(letter, ' ' | ',' | '\'' | '_' | '\u{a0}' | '\u{202f}');
    let marks: Vec<char> = text.chars().filter(|letter| is_mark(*letter)).collect();
    let groups: Vec<&str> = text.split(is_mark).collect();
    let are_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit()));
    let are_grouped = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    let are_same = marks.windows(2).all(|pair| pair[0] == pair[1]);
    (are_digits && are_grouped && are_same).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, cents) in [
            ("5000000", 500_000_000),
            ("5000000.50", 500_000_050),
            ("5000000.5", 500_000_050),
            ("5 000 000", 500_000_000),
            ("5\u{202f}000\u{202f}000", 500_000_000),
            ("5,000,000.00 EUR", 500_000_000),
            ("€5000000", 500_000_000),
            ("EUR 12", 1_200),
            ("5000000 €", 500_000_000),
            ("-0.01", -1),
            (" 0 ", 0),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(text.parse(), Ok(Money::from_cents(cents)), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_refused() {
        let texts = [
            "",
            "EUR",
            "5000,50",
            "5,00",
            "5,0000",
            "1 000,000",
            "5.000.000",
            "5.000",
            "5.",
            ".5",
            "1e6",
            "--1",
            "+1",
            "5 USD",
            "92233720368547758.08",
            "99999999999999999999",
            "٥",
        ];
        for text in texts {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_the_same_everywhere() {
        for (cents, text) in [
            (0, "0.00 EUR"),
            (5, "0.05 EUR"),
            (-5, "-0.05 EUR"),
            (99_999, "999.99 EUR"),
            (100_000, "1,000.00 EUR"),
            (125_000_000, "1,250,000.00 EUR"),
            (i64::MIN, "-92,233,720,368,547,758.08 EUR"),
        ] {
            assert_eq!(Money::from_cents(cents).to_string(), text);
        }
    }

    #[test]
    fn json_holds_cents_and_takes_no_floats() {
        assert_eq!(serde_json::to_string(&Money::from_cents(1_250)).expect("JSON"), "1250");
        assert!(serde_json::from_str::<Money>("12.5").is_err());
    }

    #[test]
    fn what_does_not_fit_is_no_amount() {
        let most = Money::from_cents(i64::MAX);
        assert_eq!(most.checked_add(Money::from_cents(1)), None);
        assert_eq!(Money::from_cents(i64::MIN).checked_sub(Money::from_cents(1)), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Money::from_euro(i64::MAX), None);
        assert_eq!(Money::checked_sum([most, most]), None);
        assert_eq!([most, most].into_iter().sum::<Money>(), most);
        assert_eq!(Money::ZERO.split(0), []);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cents in i64::MIN + 1..=i64::MAX) {
            let amount = Money::from_cents(cents);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            let json = serde_json::to_string(&amount).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Money>(&json).expect("an amount"), amount);
        }

        #[test]
        fn parts_sum_to_the_whole(cents in any::<i64>(), parts in 1usize..60) {
            let split = Money::from_cents(cents).split(parts);
            prop_assert_eq!(split.len(), parts);
            let sum: i128 = split.iter().map(|part| i128::from(part.cents())).sum();
            prop_assert_eq!(sum, i128::from(cents));
            prop_assert!(split[0].cents() - split[parts - 1].cents() <= 1);
        }
    }
}
