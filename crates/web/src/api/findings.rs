// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is vulnerable where, why, what changed, and to which versions to move.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::EXPOSURE_WEEKS;
use underpin_office::house::Overview;
use underpin_office::watch::changes::{ChangesAnswer, ChangesQuery};
use underpin_office::watch::explain::Explanation;
use underpin_office::watch::exposure_weeks::Exposure;
use underpin_office::watch::findings::{FindingsAnswer, FindingsQuery};
use underpin_office::watch::folding::FoldAnswer;
use underpin_office::watch::hit::HitAnswer;
use underpin_office::watch::upgrades::{UpgradesAnswer, UpgradesQuery};

use super::call::{Call, parameter, some, time};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/findings" findings Findings "Which vulnerabilities hit which systems, and what to do first")
            .paged()
            .asks::<Asked>()
            .gives::<Paged<FindingsAnswer<'static>>>(),
        endpoint!(GET "/findings/folded" folded Findings "The same findings as pairs of vulnerability and package version: each is one decision")
            .paged()
            .asks::<Asked>()
            .gives::<Paged<Folded>>(),
        endpoint!(GET "/decisions/proposals" proposals Findings "The few decisions that settle most of the findings asked for, the one that settles most first")
            .timed()
            .asks::<Asked>()
            .gives::<FoldAnswer>(),
        endpoint!(GET "/vulnerabilities/{vulnerability}" vulnerability Findings "Who is hit by a vulnerability")
            .paged()
            .gives::<Paged<HitAnswer<'static>>>(),
        endpoint!(GET "/explanations" explanation Findings "Why a system or a package version has a vulnerability, or has it not")
            .timed()
            .asks::<Explained>()
            .gives::<Explanation>(),
        endpoint!(GET "/upgrades" upgrades Findings "To which versions to move; what closes most first")
            .paged()
            .asks::<Place>()
            .gives::<Paged<UpgradesAnswer>>(),
        endpoint!(GET "/changes" changes Findings "What became worse and what became better since a moment")
            .paged()
            .asks::<Changed>()
            .gives::<Paged<ChangesAnswer>>(),
        endpoint!(GET "/findings/weeks" weeks Findings "What was open at the end of each of the last weeks, and now, as the record knows it")
            .timed()
            .asks::<WeeksAsked>()
            .gives::<Weeks>(),
    ]
}

/// Severities by their words.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// Levels of priority.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Level {
    ActNow,
    Soon,
    Planned,
    Watch,
}

/// Parameters: which findings.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FindingsFilter")]
pub struct Asked {
    /// States, with commas between them: open, under-investigation, unknown, fixed, not-affected, or all; those that are not closed
    /// when left out.
    status: Option<String>,
    /// Lowest severity.
    severity: Option<Severity>,
    /// Lowest likelihood of exploitation within 30 days, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    likelihood: Option<f32>,
    /// Only what is known to be exploited.
    exploited: Option<bool>,
    /// Only malicious packages.
    malicious: Option<bool>,
    /// An agency with everything below it.
    agency: Option<String>,
    /// A system.
    system: Option<String>,
    /// Words that the purl of the package contains.
    package: Option<String>,
    /// One package version as a purl, or all versions of one package when the purl has none.
    purl: Option<String>,
    /// A distribution, as purls name it, such as `debian-12`.
    base: Option<String>,
    /// Words that names or summaries of the vulnerability contain.
    text: Option<String>,
    /// A vulnerability, by any of its names.
    vulnerability: Option<String>,
    /// Type of package: npm, pypi, deb, …
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Only those with a known fixed version, or only those without.
    fixable: Option<bool>,
    /// First known at that time or later.
    #[schemars(extend("format" = "date-time"))]
    since: Option<String>,
    /// First known before that time.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// Only what is open beyond its deadline by the office's rules.
    overdue: Option<bool>,
    /// Only what is due before that day by the office's rules.
    #[schemars(extend("format" = "date-time"))]
    due_before: Option<String>,
    /// Lowest priority.
    priority: Option<Level>,
    /// What comes first: priority, severity, likelihood, first-known, vulnerability, package, system, agency, due; turned round with
    /// a - before it.
    sort: Option<String>,
}

impl Asked {
    /// As a question, without a page.
    ///
    /// # Errors
    /// `parameter` for a moment that is none.
    pub fn query(self) -> Result<FindingsQuery, Problem> {
        if self.likelihood.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err(parameter("likelihood is a number from 0 to 1"));
        }
        let severity = self.severity.map(|severity| match severity {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        });
        let priority = self.priority.map(|level| match level {
            Level::ActNow => "act-now",
            Level::Soon => "soon",
            Level::Planned => "planned",
            Level::Watch => "watch",
        });
        Ok(FindingsQuery {
            statuses: some(self.status)
                .map(|words| words.split(',').map(|word| word.trim().to_owned()).collect())
                .unwrap_or_default(),
            severity: severity.map(str::to_owned),
            likelihood: self.likelihood,
            exploited: self.exploited.unwrap_or_default(),
            malicious: self.malicious.unwrap_or_default(),
            agency: some(self.agency),
            system: some(self.system),
            package: some(self.package).unwrap_or_default(),
            purl: some(self.purl),
            base: some(self.base),
            text: some(self.text).unwrap_or_default(),
            vulnerability: some(self.vulnerability),
            kind: some(self.kind),
            fixable: self.fixable,
            since: time("since", self.since.as_deref())?,
            until: time("until", self.until.as_deref())?,
            priority: priority.map(str::to_owned),
            overdue: self.overdue.unwrap_or_default(),
            due_before: time("due_before", self.due_before.as_deref())?,
            sort: some(self.sort).unwrap_or_default(),
            offset: 0,
            rows: usize::MAX,
        })
    }
}

async fn findings(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Asked, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let watched = call.house.watched(&seat).await?;
    let (offset, rows) = walk.window();
    let mut answer = watched.findings(&seat.desk, &FindingsQuery { offset, rows, ..asked.query()? })?;
    let (rows, page) = walk.cut_from(answer.overview.as_of, answer.total, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// A pair that is one decision.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoldedRow")]
struct FoldedRow {
    /// Vulnerability.
    vulnerability: String,
    /// Package version.
    package: String,
}

/// Findings, folded.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Folded")]
struct Folded {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// Findings behind the pairs.
    findings: u64,
    /// The pairs.
    rows: Vec<FoldedRow>,
}

async fn folded(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Asked, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let bulk = call.house.watched(&seat).await?.meant(&seat.desk, &asked.query()?)?;
    let overview = seat.desk.overview();
    let pairs = bulk.pairs.into_iter().map(|(vulnerability, package)| FoldedRow { vulnerability, package });
    let (rows, page) = walk.cut(overview.as_of, pairs.collect())?;
    call.give(&seat, &Paged { answer: Folded { overview, findings: bulk.findings, rows }, page })
}

async fn proposals(call: Call) -> Result<Reply, Problem> {
    let asked: Asked = call.asked()?;
    let seat = call.seat().await?;
    call.give(&seat, &call.house.watched(&seat).await?.fold(&seat.desk, &asked.query()?)?)
}

async fn vulnerability(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let watched = call.house.watched(&seat).await?;
    let days = call.house.house.limits().stale_days;
    let mut answer = watched.hit(&seat.desk, call.variable("vulnerability"), days)?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters: what is to be explained.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explained {
    /// A system, or a package version as a purl.
    #[schemars(length(min = 1))]
    about: String,
    /// The vulnerability, by any of its names.
    #[schemars(length(min = 1))]
    vulnerability: String,
}

async fn explanation(call: Call) -> Result<Reply, Problem> {
    let asked: Explained = call.asked()?;
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    call.give(&seat, &watched.explain(&seat.desk, &asked.about, &asked.vulnerability)?)
}

/// Parameters: which part of the government.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// A system, or an agency with everything below it.
    place: Option<String>,
}

async fn upgrades(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Place, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let query = UpgradesQuery { place: some(asked.place), rows: usize::MAX };
    let mut answer = call.house.watched(&seat).await?.upgrades(&seat.desk, &query)?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters: what changed, and where.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Changed {
    /// The earlier moment; `as-of` is the later one.
    #[schemars(extend("format" = "date-time"))]
    since: String,
    /// An agency with everything below it.
    agency: Option<String>,
    /// A system.
    system: Option<String>,
}

async fn changes(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Changed, _) = (call.asked()?, call.walk()?);
    let since: Option<Timestamp> = time("since", Some(&asked.since))?;
    let seat = call.seat_of(&walk).await?;
    let older = call.house.seat(&call.caller()?.viewer, since).await?;
    let query = ChangesQuery { agency: some(asked.agency), system: some(asked.system), rows: usize::MAX };
    let mut answer = call.house.house.watch_changes(&older.desk, &seat.desk, &query).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters: how many weeks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WeeksAsked {
    /// Weeks back; twelve when left out, and at most.
    #[schemars(range(min = 0, max = 12))]
    weeks: Option<u32>,
}

/// How exposed the government was, week by week.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Weeks")]
struct Weeks {
    /// Ends of weeks (Monday, 00:00 UTC), the oldest first, and now.
    weeks: Vec<Exposure>,
}

async fn weeks(call: Call) -> Result<Reply, Problem> {
    let asked: WeeksAsked = call.asked()?;
    let count = asked.weeks.unwrap_or(EXPOSURE_WEEKS);
    if count > EXPOSURE_WEEKS {
        return Err(parameter(format!("weeks is a number from 0 to {EXPOSURE_WEEKS}")));
    }
    let seat = call.seat().await?;
    let weeks = call.house.weeks(&seat, count).await?;
    call.say(&Weeks { weeks })
}
