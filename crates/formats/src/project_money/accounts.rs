// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Accounts of a project as a table: item, date, from, to, amount, currency; parted by semicolons, commas or tabs, in English or German.
//!
//! Payments are added up by year, payer and currency. Of payers platforms and organisations are kept; any other name may be that of a
//! person and is not, and neither are items and payees. A name counts as that of an organisation where a word of it says so.

use std::collections::BTreeMap;

use underpin_model::Timestamp;
use underpin_model::limits::bounds::{ACCOUNT_LINES, PAYER_LETTERS};
use underpin_model::project_money::{Amount, Currency, FundingFile, FundingForm, MoneyFlow, MoneyGap, Payer, Platform};

use super::Unread;
use super::addresses::About;
use super::amounts::{day, hundredths};

/// Names of the columns that are read.
const COLUMNS: [&[&str]; 4] =
    [&["date", "datum"], &["from", "von"], &["amount", "betrag"], &["currency", "währung", "waehrung"]];
/// Words that organisations have in their names, and people do not.
const ORGANISATION_WORDS: &[&str] = &[
    "gmbh",
    "ag",
    "kg",
    "s.p.a.",
    "s.r.l.",
    "srl",
    "e.v.",
    "inc",
    "inc.",
    "ltd",
    "ltd.",
    "llc",
    "plc",
    "b.v.",
    "s.a.",
    "sarl",
    "corp",
    "corp.",
    "corporation",
    "company",
    "foundation",
    "stiftung",
    "fund",
    "fonds",
    "agency",
    "agentur",
    "ministry",
    "ministerium",
    "bundesamt",
    "university",
    "universität",
    "institute",
    "institut",
    "association",
    "verein",
    "verband",
    "council",
    "commission",
    "government",
    "consortium",
    "alliance",
    "programme",
    "program",
];
/// Words of the name of an organisation; what is longer is a sentence, which may speak of people.
const NAME_WORDS: usize = 8;
/// Platforms as accounts name them.
const PLATFORM_NAMES: &[(&str, Platform)] = &[
    ("github sponsors", Platform::GithubSponsors),
    ("open collective", Platform::OpenCollective),
    ("opencollective", Platform::OpenCollective),
    ("liberapay", Platform::Liberapay),
    ("patreon", Platform::Patreon),
    ("ko-fi", Platform::KoFi),
    ("tidelift", Platform::Tidelift),
    ("community bridge", Platform::CommunityBridge),
    ("lfx crowdfunding", Platform::LfxCrowdfunding),
    ("issuehunt", Platform::IssueHunt),
    ("polar", Platform::Polar),
    ("buy me a coffee", Platform::BuyMeACoffee),
    ("thanks.dev", Platform::ThanksDev),
    ("paypal", Platform::Paypal),
    ("stripe", Platform::Stripe),
];

/// What payments are added up by: year, payer and its name, currency.
type Key = (String, Payer, Option<String>, Currency);

/// Payments of one year, payer and currency.
#[derive(Clone, Copy, Debug)]
struct Sum {
    first: Timestamp,
    last: Timestamp,
    income: i64,
    expenses: i64,
    payments: u32,
}

pub(super) fn read(text: &str, about: &About<'_>) -> Result<FundingFile, Unread> {
    let fault = Unread::NotOfItsForm("table with the columns Date, From, Amount and Currency");
    let head = text.lines().next().unwrap_or_default();
    let mark = [b';', b'\t', b','].into_iter().find(|mark| head.bytes().any(|byte| byte == *mark)).ok_or(fault)?;
    let mut table = csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> =
        table.headers().map_err(|_| fault)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let place = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str())).ok_or(fault);
    let places = [place(COLUMNS[0])?, place(COLUMNS[1])?, place(COLUMNS[2])?, place(COLUMNS[3])?];
    let mut file = FundingFile { form: FundingForm::Accounts, ..FundingFile::default() };
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for (number, line) in table.records().enumerate() {
        if number >= ACCOUNT_LINES {
            file.miss(MoneyGap::BeyondLimits);
            break;
        }
        let Ok(line) = line else {
            file.miss(MoneyGap::Incomplete);
            continue;
        };
        if line.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match add(&mut sums, &line, (names.len(), places), about) {
            Ok(Payer::Withheld) => file.miss(MoneyGap::NameWithheld),
            Ok(_) => {}
            Err(gap) => file.miss(gap),
        }
    }
    file.flows = sums.into_iter().map(flow).collect();
    Ok(file)
}

fn add(
    sums: &mut BTreeMap<Key, Sum>,
    line: &csv::StringRecord,
    (width, places): (usize, [usize; 4]),
    about: &About<'_>,
) -> Result<Payer, MoneyGap> {
    // A decimal comma that was not quoted makes one cell too many.
    if line.len() != width {
        return Err(MoneyGap::Incomplete);
    }
    let [date, from, amount, currency] = places.map(|place| line.get(place).unwrap_or_default());
    let at = day(date).ok_or(MoneyGap::UnreadableDay)?;
    let hundredths = hundredths(amount).ok_or(MoneyGap::UnreadableAmount)?;
    let currency: Currency = currency.parse().map_err(|()| MoneyGap::UnknownCurrency)?;
    let (payer, name) = payer(from, about);
    let year = at.date().chars().take(4).collect();
    let fresh = Sum { first: at, last: at, income: 0, expenses: 0, payments: 0 };
    let sum = sums.entry((year, payer, name, currency)).or_insert(fresh);
    let side = if hundredths < 0 { &mut sum.expenses } else { &mut sum.income };
    *side = side.checked_add(hundredths.abs()).ok_or(MoneyGap::UnreadableAmount)?;
    (sum.first, sum.last) = (sum.first.min(at), sum.last.max(at));
    sum.payments = sum.payments.saturating_add(1);
    Ok(payer)
}

/// Who paid, as far as it is no person.
fn payer(text: &str, about: &About<'_>) -> (Payer, Option<String>) {
    let text = text.trim();
    if text.is_empty() {
        return (Payer::Unknown, None);
    }
    let lower = text.to_lowercase();
    if let Some((_, platform)) = PLATFORM_NAMES.iter().find(|(name, _)| *name == lower) {
        return (Payer::Platform, Some(platform.as_str().to_owned()));
    }
    let is_known = about.payers.iter().any(|name| name.trim().to_lowercase() == lower);
    if (is_known || says_organisation(&lower)) && is_plain_name(text) {
        return (Payer::Organisation, Some(text.to_owned()));
    }
    (Payer::Withheld, None)
}

fn says_organisation(lower: &str) -> bool {
    lower.split([' ', ',', '(', ')']).any(|word| ORGANISATION_WORDS.contains(&word))
}

fn is_plain_name(text: &str) -> bool {
    let is_short = text.chars().count() <= PAYER_LETTERS && text.split_whitespace().count() <= NAME_WORDS;
    is_short && !text.contains(['@', '/', ':']) && !text.contains(char::is_control)
}

/// Whether a name is that of an organisation, because a word of it says so. Any other may be a person's.
pub(crate) fn is_organisation(name: &str) -> bool {
    is_plain_name(name) && says_organisation(&name.to_lowercase())
}

fn flow(((_, payer, payer_name, currency), sum): (Key, Sum)) -> MoneyFlow {
    let amount = |hundredths: i64| (hundredths > 0).then(|| Amount { hundredths, currency: currency.clone() });
    MoneyFlow {
        from: sum.first,
        until: Timestamp(sum.last.0.saturating_add(Timestamp::DAY_US)),
        payer,
        payer_name,
        income: amount(sum.income),
        expenses: amount(sum.expenses),
        payments: Some(sum.payments),
    }
}
