// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a project publishes about money: ways to pay, wishes, and what came in.
//!
//! Subjects are projects. No account, name, login or mail address of a person has a place here: a way to pay is a platform, and an
//! address only where it names nothing but the project itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

words!(
    /// Which file says it.
    FundingForm {
        // The manifest of FLOSS/fund.
        #[default] FundingJson "funding-json",
        // What a forge shows beside the code.
        FundingYml "funding-yml",
        // Payments, line by line.
        Accounts "accounts",
    }
);
words!(
    /// Who takes the money, by kind alone.
    Payee { #[default] Unknown "unknown", Individual "individual", Group "group", Organisation "organisation", Other "other", }
);
words!(
    /// Who pays, by kind.
    Payer {
        // The file does not say it.
        #[default] Unknown "unknown",
        // Many people through a platform.
        Platform "platform",
        Organisation "organisation",
        // A name that may be that of a person: it is not kept.
        Withheld "withheld",
    }
);
words!(
    /// A way to pay.
    Platform { #[default] Other "other", GithubSponsors "github-sponsors", OpenCollective "open-collective", Liberapay "liberapay",
        Patreon "patreon", KoFi "ko-fi", Tidelift "tidelift", CommunityBridge "community-bridge", LfxCrowdfunding "lfx-crowdfunding",
        IssueHunt "issuehunt", Otechie "otechie", Polar "polar", BuyMeACoffee "buy-me-a-coffee", ThanksDev "thanks-dev",
        Paypal "paypal", Stripe "stripe", Bank "bank", Cheque "cheque", Cash "cash", OwnPage "own-page", }
);
words!(
    /// Whether a wish still stands.
    WishState { #[default] Unknown "unknown", Active "active", Inactive "inactive", }
);
words!(
    /// How often an amount is wished for.
    WishRhythm { #[default] Unknown "unknown", OneTime "one-time", Weekly "weekly", Fortnightly "fortnightly", Monthly "monthly",
        Yearly "yearly", Other "other", }
);
words!(
    /// What of a file could not be read, or was not kept.
    MoneyGap {
        // The file as a whole.
        #[default] NotUnderstood "not-understood",
        // Its version is not one that is known.
        UnknownVersion "unknown-version",
        // A platform that is not known.
        UnknownPlatform "unknown-platform",
        UnreadableAmount "unreadable-amount",
        UnreadableDay "unreadable-day",
        UnknownCurrency "unknown-currency",
        // A line or an entry without what it needs.
        Incomplete "incomplete",
        // More than is kept of one file.
        BeyondLimits "beyond-limits",
        // An address that may name a person.
        AddressWithheld "address-withheld",
        // A name that may be that of a person.
        NameWithheld "name-withheld",
        // The manifest speaks of other projects only.
        OtherProjects "other-projects",
    }
);

/// A currency by its three letters (ISO 4217).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Currency(String);

impl Currency {
    /// The euro, the one currency in which amounts are added up.
    pub fn euro() -> Self {
        Self("EUR".to_owned())
    }

    /// Whether it is the euro.
    pub fn is_euro(&self) -> bool {
        self.0 == "EUR"
    }
}

impl FromStr for Currency {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let is_good = text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_alphabetic());
        is_good.then(|| Self(text.to_ascii_uppercase())).ok_or(())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An amount in the currency in which it was said. It is never turned into another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Amount {
    /// In hundredths of the currency.
    pub hundredths: i64,
    /// The currency.
    pub currency: Currency,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.hundredths < 0 { "-" } else { "" };
        let whole = self.hundredths.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02} {}", whole / 100, whole % 100, self.currency))
    }
}

/// Where a project says that money may be sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MoneyDoor {
    /// The way to pay.
    pub platform: Platform,
    /// Its address, where that names nothing but the project itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How many accounts stand there.
    pub accounts: u32,
}

/// Money that a project wishes for. It is no funding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MoneyWish {
    /// Whether it still stands.
    pub state: WishState,
    /// How much; absent where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// How often.
    pub rhythm: WishRhythm,
}

/// Money that flowed within a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MoneyFlow {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment; not that moment itself.
    pub until: Timestamp,
    /// Who paid, by kind.
    pub payer: Payer,
    /// The organisation or the word of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// What came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub income: Option<Amount>,
    /// What was spent or given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expenses: Option<Amount>,
    /// Payments, where they are told one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<u32>,
}

/// Something that was not read or not kept, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CountedGap {
    /// What.
    pub what: MoneyGap,
    /// How often.
    pub count: u32,
}

/// What one file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FundingFile {
    /// Which file.
    pub form: FundingForm,
    /// Who takes the money, by kind.
    pub payee: Payee,
    /// Of how many projects it speaks, where it says so: its money is that of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<u32>,
    /// Where money may be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doors: Vec<MoneyDoor>,
    /// What is wished for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<MoneyWish>,
    /// What flowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<MoneyFlow>,
    /// What was not read or not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<CountedGap>,
}

impl FundingFile {
    /// Notes that something was not read or not kept.
    pub fn miss(&mut self, what: MoneyGap) {
        self.miss_many(what, 1);
    }

    /// Notes that so many things were not read or not kept.
    pub fn miss_many(&mut self, what: MoneyGap, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        match self.gaps.iter_mut().find(|gap| gap.what == what) {
            Some(gap) => gap.count = gap.count.saturating_add(count),
            None if count > 0 => self.gaps.push(CountedGap { what, count }),
            None => {}
        }
    }
}

words!(
    /// What an address of a project is for.
    AddressUse { #[default] SecurityPolicy "security-policy", Contributing "contributing", CodeOfConduct "code-of-conduct",
        Governance "governance", Funding "funding", }
);

/// An address that a project declares for itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeclaredAddress {
    /// What it is for.
    pub used_for: AddressUse,
    /// The address: below the project's repository or its own home page.
    pub address: String,
}

/// What the files of a project say about money and where it is found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PublishedFacts {
    /// One entry for each file about money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funding: Vec<FundingFile>,
    /// Addresses that SECURITY-INSIGHTS declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<DeclaredAddress>,
    /// How many addresses there lead elsewhere and were not kept.
    #[serde(default)]
    pub addresses_withheld: u32,
}

impl PublishedFacts {
    /// Whether nothing is published.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_letters_and_gaps_are_counted() {
        assert_eq!(" eur ".parse::<Currency>(), Ok(Currency::euro()));
        for text in ["", "EU", "EURO", "E1R", "€€€"] {
            assert_eq!(text.parse::<Currency>(), Err(()), "{text}");
        }
        let amount = Amount { hundredths: -5, currency: "gbp".parse().expect("letters") };
        assert_eq!(amount.to_string(), "-0.05 GBP");
        let mut file = FundingFile::default();
        file.miss(MoneyGap::UnreadableDay);
        file.miss_many(MoneyGap::UnreadableDay, 2);
        file.miss_many(MoneyGap::BeyondLimits, 0);
        assert_eq!(file.gaps, [CountedGap { what: MoneyGap::UnreadableDay, count: 3 }]);
    }
}
