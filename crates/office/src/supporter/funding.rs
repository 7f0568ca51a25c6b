// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `funding`: who pays for which project? Own promises, what others pay as the office wrote down, what projects publish about money that
//! came in, and where they say that money may be sent.
//!
//! Money that flowed or is promised is held against own promises; wishes and ways to pay are not. Amounts stay in the currency in which
//! they were said, and only euro are added up.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_assess::engagement::double_funding::{DoubleFunding, Funding, FundingSource, Strength, double_funding};
use underpin_formats::project_facts::KnownFunding;
use underpin_model::Timestamp;
use underpin_model::engagement::CommitmentRecord;
use underpin_model::project_money::{
    Amount, Currency, FundingForm, MoneyGap, Payee, Payer, Platform, WishRhythm, WishState,
};

use super::commitments::may_rank;
use super::published_money::{PublishedMoney, ReadFrom, is_own, record};
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// The answer of `funding`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FundingAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The one project that was asked for.
    pub project: Option<String>,
    /// Projects of which something is known.
    pub projects: u64,
    /// Own promises and others that may pay for the same.
    pub warnings: Vec<FundingWarning>,
    /// Euro by year, as far as they are known.
    pub years: Vec<FundingYear>,
    /// Everything that is known of money, by project.
    pub rows: Vec<FundingRow>,
    /// What was not read or not kept of files of projects.
    pub gaps: Vec<FundingGap>,
}

/// What a row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FundingKind {
    /// A promise of this office.
    Own,
    /// A payment or promise of somebody else that the office wrote down.
    Other,
    /// Income of a year, as the project publishes it.
    History,
    /// Payments in accounts that the project publishes.
    Accounts,
    /// An amount that the project wishes for: no money.
    Wish,
    /// A way to pay: no money.
    Door,
}

impl FundingKind {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Other => "other",
            Self::History => "history",
            Self::Accounts => "accounts",
            Self::Wish => "wish",
            Self::Door => "door",
        }
    }
}

/// One thing that is known of money for a project.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FundingRow {
    /// The project.
    pub project: String,
    /// What it tells of.
    pub kind: FundingKind,
    /// Whether money flowed or is promised.
    pub is_money: bool,
    /// The own promise, as `K12`.
    pub commitment: Option<String>,
    /// How the own promise stands with its approval: whether it holds.
    pub holds: Option<bool>,
    /// Who pays, by kind: office, organisation, platform, withheld, unknown.
    pub payer_kind: &'static str,
    /// Who pays, where that is no person.
    pub payer: Option<String>,
    /// For what, as the word of an instrument.
    pub activity: Option<String>,
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when; not that moment itself.
    pub until: Option<Timestamp>,
    /// How much, in hundredths of the currency.
    pub amount_hundredths: Option<i64>,
    /// The currency, as three letters.
    pub currency: Option<String>,
    /// How often an amount is wished for.
    pub rhythm: Option<WishRhythm>,
    /// Whether a wish stands.
    pub wish: Option<WishState>,
    /// The way to pay.
    pub platform: Option<Platform>,
    /// Its address, where that names nothing but the project.
    pub address: Option<String>,
    /// Accounts that stand there.
    pub accounts: Option<u32>,
    /// Who takes the money, by kind.
    pub payee: Option<Payee>,
    /// Of how many projects together the amount tells, where the file says so.
    pub projects_together: Option<u32>,
    /// Which file says it.
    pub form: Option<FundingForm>,
    /// Where the file was read.
    pub read_from: Option<ReadFrom>,
    /// Where that is said, in words of the office.
    pub source: Option<String>,
    /// When it was read, or promised.
    pub told: Option<Timestamp>,
}

/// An own promise, and somebody else who may pay for the same.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FundingWarning {
    /// The project.
    pub project: String,
    /// The own promise, as `K12`.
    pub commitment: String,
    /// What the own promise is for.
    pub activity: Option<String>,
    /// `same` when project, activity and days coincide; `maybe` when nothing that is known speaks against it.
    pub strength: &'static str,
    /// Days on which both pay.
    pub common_days: Option<i64>,
    /// What tells of the other one.
    pub other_kind: FundingKind,
    /// The other promise, where it is an own one, too.
    pub other_commitment: Option<String>,
    /// Who pays there, by kind.
    pub payer_kind: &'static str,
    /// Who pays there, where that is no person.
    pub payer: Option<String>,
    /// What is paid there, in hundredths of the currency.
    pub amount_hundredths: Option<i64>,
    /// The currency.
    pub currency: Option<String>,
}

/// Euro of a year. What several files tell of one project and year is counted once: the largest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FundingYear {
    /// The year; none where it is not known.
    pub year: Option<i32>,
    /// Of promises of this office that hold, by the days on which their parts are due, in cents.
    pub own_cents: i64,
    /// Of others, in cents.
    pub others_cents: i64,
}

/// Something of a file that was not read or not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FundingGap {
    /// The project.
    pub project: String,
    /// Which file.
    pub form: FundingForm,
    /// What.
    pub what: MoneyGap,
    /// How often.
    pub count: u32,
}

/// What is known of money for one project, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FundingShort {
    /// Own promises.
    pub own: u32,
    /// Payments and income that others are said to give.
    pub others: u32,
    /// Pairs that may pay for the same.
    pub warnings: u32,
    /// Ways to pay that the project names.
    pub platforms: Vec<Platform>,
}

impl FundingShort {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl FundingAnswer {
    /// The same in short.
    pub fn short(&self) -> FundingShort {
        let count = |fits: fn(&FundingRow) -> bool| self.rows.iter().filter(|row| fits(row)).count() as u32;
        let mut platforms: Vec<Platform> = self.rows.iter().filter_map(|row| row.platform).collect();
        platforms.sort_unstable();
        platforms.dedup();
        FundingShort {
            own: count(|row| row.kind == FundingKind::Own),
            others: count(|row| row.is_money && row.kind != FundingKind::Own),
            warnings: self.warnings.len() as u32,
            platforms,
        }
    }
}

impl House {
    /// Who pays for which project; of one, or of all.
    ///
    /// # Errors
    /// `not-allowed`; when the ledger cannot be read.
    pub async fn funding(&self, desk: &Desk, project: Option<&str>) -> Result<FundingAnswer> {
        may_rank(desk)?;
        let overview = desk.overview();
        let mut own = self.ledger.reader(desk.viewer.clone(), desk.now).commitments(overview.as_of).await?;
        own.retain(|record| record.commitment.withdrawn.is_none());
        own.iter_mut().for_each(|one| settle(desk, &mut one.commitment.project));
        let mut others = self.known_projects(desk).await?.fundings;
        others.iter_mut().for_each(|one| settle(desk, &mut one.project));
        let mut published = self.published_money(desk).await?;
        if let Some(key) = project {
            own.retain(|one| one.commitment.project == key);
            others.retain(|one| one.project == key);
            published.retain(|one| one.project == key);
        }
        let told: Vec<(FundingRow, Option<Funding>)> = (own.iter().map(own_row))
            .chain(others.iter().map(other_row))
            .chain(published.iter().flat_map(published_rows))
            .collect();
        let years = years(&own, &told);
        let warnings = warnings(&told);
        let mut rows: Vec<FundingRow> = told.into_iter().map(|(row, _)| row).collect();
        rows.sort_by(|one, two| {
            let key = |row: &FundingRow| (row.kind, std::cmp::Reverse(row.from));
            one.project.cmp(&two.project).then_with(|| key(one).cmp(&key(two)))
        });
        let mut names: Vec<&str> = rows.iter().map(|row| row.project.as_str()).collect();
        names.dedup();
        Ok(FundingAnswer {
            overview,
            project: project.map(str::to_owned),
            projects: names.len() as u64,
            warnings,
            years,
            gaps: published.iter().flat_map(gaps).collect(),
            rows,
        })
    }
}

fn settle(desk: &Desk, project: &mut String) {
    *project = desk.names.settled(project).to_owned();
}

/// A row of which nothing but the project is known.
fn bare(project: &str, kind: FundingKind) -> FundingRow {
    FundingRow {
        project: project.to_owned(),
        kind,
        is_money: !matches!(kind, FundingKind::Wish | FundingKind::Door),
        commitment: None,
        holds: None,
        payer_kind: Payer::Unknown.as_str(),
        payer: None,
        activity: None,
        from: None,
        until: None,
        amount_hundredths: None,
        currency: None,
        rhythm: None,
        wish: None,
        platform: None,
        address: None,
        accounts: None,
        payee: None,
        projects_together: None,
        form: None,
        read_from: None,
        source: None,
        told: None,
    }
}

fn own_row(record: &CommitmentRecord) -> (FundingRow, Option<Funding>) {
    let commitment = &record.commitment;
    let cents: i64 = commitment.milestones.iter().map(|one| one.payment_cents).sum();
    let row = FundingRow {
        commitment: Some(commitment.id.to_string()),
        holds: Some(record.approved.is_some()),
        payer_kind: "office",
        activity: Some(commitment.activity.clone()),
        from: Some(commitment.from),
        until: Some(commitment.until),
        told: Some(record.approved.as_ref().map_or(record.proposed, |(_, at)| *at)),
        ..bare(&commitment.project, FundingKind::Own)
    };
    let row = with_amount(row, Some(&Amount { hundredths: cents, currency: Currency::euro() }));
    let funding = held(&row, FundingSource::Own);
    (row, Some(funding))
}

fn other_row(known: &KnownFunding) -> (FundingRow, Option<Funding>) {
    let amount = known.amount.map(|amount| Amount { hundredths: amount.cents(), currency: Currency::euro() });
    let row = FundingRow {
        payer_kind: Payer::Organisation.as_str(),
        payer: Some(known.funder.clone()),
        activity: known.activity.map(|code| code.as_str().to_owned()),
        from: known.from,
        until: known.until,
        source: Some(known.source.clone()),
        ..bare(&known.project, FundingKind::Other)
    };
    let row = with_amount(row, amount.as_ref());
    let funding = held(&row, FundingSource::Register);
    (row, Some(funding))
}

fn with_amount(mut row: FundingRow, amount: Option<&Amount>) -> FundingRow {
    row.amount_hundredths = amount.map(|amount| amount.hundredths);
    row.currency = amount.map(|amount| amount.currency.to_string());
    row
}

/// A row as a record that others are held against.
fn held(row: &FundingRow, source: FundingSource) -> Funding {
    Funding {
        source,
        funder: row.payer.clone(),
        project: row.project.clone(),
        activity: row.activity.clone(),
        from: row.from,
        until: row.until,
        amount_cents: row.amount_hundredths,
    }
}

fn published_rows(one: &PublishedMoney) -> Vec<(FundingRow, Option<Funding>)> {
    let file = &one.file;
    let read = |kind| FundingRow {
        payee: Some(file.payee),
        form: Some(file.form),
        read_from: Some(one.read_from),
        told: Some(one.as_of),
        ..bare(&one.project, kind)
    };
    let is_accounts = file.form == FundingForm::Accounts;
    let kind = if is_accounts { FundingKind::Accounts } else { FundingKind::History };
    let flows = file.flows.iter().map(|flow| {
        let is_own = is_own(flow);
        let row = FundingRow {
            payer_kind: if is_own { "office" } else { flow.payer.as_str() },
            payer: flow.payer_name.clone(),
            from: Some(flow.from),
            until: Some(flow.until),
            projects_together: file.projects,
            ..read(kind)
        };
        (with_amount(row, flow.income.as_ref()), record(one, flow).filter(|_| !is_own))
    });
    let wishes = file.wishes.iter().map(|wish| {
        let row = FundingRow {
            rhythm: Some(wish.rhythm),
            wish: Some(wish.state),
            projects_together: file.projects,
            ..read(FundingKind::Wish)
        };
        (with_amount(row, wish.amount.as_ref()), None)
    });
    let doors = file.doors.iter().map(|door| {
        let row = FundingRow {
            platform: Some(door.platform),
            address: door.address.clone(),
            accounts: Some(door.accounts),
            ..read(FundingKind::Door)
        };
        (row, None)
    });
    flows.chain(wishes).chain(doors).collect()
}

fn warnings(told: &[(FundingRow, Option<Funding>)]) -> Vec<FundingWarning> {
    let places: Vec<usize> = (0..told.len()).filter(|place| told[*place].1.is_some()).collect();
    let records: Vec<Funding> = told.iter().filter_map(|(_, funding)| funding.clone()).collect();
    let warning = |double: DoubleFunding| {
        let [own, other] = [double.own, double.other].map(|place| &told[places[place]].0);
        FundingWarning {
            project: own.project.clone(),
            commitment: own.commitment.clone().unwrap_or_default(),
            activity: own.activity.clone(),
            strength: if double.strength == Strength::Same { "same" } else { "maybe" },
            common_days: double.common_days,
            other_kind: other.kind,
            other_commitment: other.commitment.clone(),
            payer_kind: other.payer_kind,
            payer: other.payer.clone(),
            amount_hundredths: other.amount_hundredths,
            currency: other.currency.clone(),
        }
    };
    let mut found: Vec<FundingWarning> = double_funding(&records).into_iter().map(warning).collect();
    // The sure ones first.
    found.sort_by_key(|one| one.strength != "same");
    found
}

fn year_of(at: Timestamp) -> Option<i32> {
    at.date().get(..4)?.parse().ok()
}

fn years(own: &[CommitmentRecord], told: &[(FundingRow, Option<Funding>)]) -> Vec<FundingYear> {
    let mut sums: BTreeMap<Option<i32>, (i64, i64)> = BTreeMap::new();
    for record in own.iter().filter(|record| record.approved.is_some()) {
        for milestone in &record.commitment.milestones {
            let sum = &mut sums.entry(year_of(milestone.due)).or_default().0;
            *sum = sum.saturating_add(milestone.payment_cents);
        }
    }
    let mut of_others: BTreeMap<(&str, Option<i32>, FundingKind), i64> = BTreeMap::new();
    for (row, _) in told.iter().filter(|(row, _)| row.is_money && row.payer_kind != "office") {
        let Some(cents) = row.amount_hundredths.filter(|_| row.currency.as_deref() == Some("EUR")) else { continue };
        let sum = of_others.entry((&row.project, row.from.and_then(year_of), row.kind)).or_default();
        *sum = sum.saturating_add(cents);
    }
    let mut largest: BTreeMap<(&str, Option<i32>), i64> = BTreeMap::new();
    for ((project, year, _), cents) in of_others {
        let known = largest.entry((project, year)).or_default();
        *known = cents.max(*known);
    }
    for ((_, year), cents) in largest {
        let sum = &mut sums.entry(year).or_default().1;
        *sum = sum.saturating_add(cents);
    }
    let row = |(year, (own_cents, others_cents))| FundingYear { year, own_cents, others_cents };
    sums.into_iter().map(row).filter(|row| row.own_cents != 0 || row.others_cents != 0).collect()
}

fn gaps(one: &PublishedMoney) -> Vec<FundingGap> {
    let gap = |found: &underpin_model::project_money::CountedGap| FundingGap {
        project: one.project.clone(),
        form: one.file.form,
        what: found.what,
        count: found.count,
    };
    one.file.gaps.iter().map(gap).collect()
}
