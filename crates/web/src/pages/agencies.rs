// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/agencies` and `/agencies/{id}`: who belongs to the government, which systems do they run, and what is known of them?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use underpin_model::registry::AgencyId;
use underpin_model::{Coverage, Timestamp};
use underpin_office::coordinator::coverage::{AgencyCoverage, CoverageAnswer, SystemCoverage};
use underpin_office::elsewhere::Elsewhere;
use underpin_office::house::{Desk, Overview};
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::tallies::{BySeverity, sum};
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::standing;

use super::incident_view::Notice;
use super::naming::{Form, Naming};
use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::figures;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Agencies as rows of a file.
pub const AGENCIES: Rows = Rows {
    name: "agencies",
    list: "agencies",
    fields: &[
        "agency",
        "name",
        "parent",
        "with_below.known",
        "with_below.blind",
        "with_below.stale",
        "with_below.unknown",
        "with_below.declared",
        "documents",
        "gaps",
        "unbound",
        "quarantined",
    ],
};
/// Systems as rows of a file.
const SYSTEMS: Rows = Rows {
    name: "systems",
    list: "systems",
    fields: &["agency", "system", "name", "state", "documents", "newest", "age_days", "occurrences", "gaps", "tools"],
};

#[derive(Template)]
#[template(path = "agencies.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// Agencies in the order of the tree, with how deep they hang.
    agencies: Vec<(usize, AgencyCoverage)>,
    systems: Vec<SystemCoverage>,
    coverage: Coverage,
    /// The agency that the page is about; `None` for all.
    about: Option<AgencyCoverage>,
    /// What was open in one agency long ago, and is now; absent while that is not worked out.
    then_and_now: Option<Figure>,
    /// What is open, by agency or by system; absent where nothing is.
    figure: Option<Figure>,
    /// What lies beyond the reach of the reader, where that is told.
    elsewhere: Option<Elsewhere>,
    notice: Notice,
    /// Whether the agency may be named in thanks; absent where there is nothing to read and nothing to say.
    naming: Option<Naming>,
}

impl Page {
    /// Whose systems are counted, for the page of coverage.
    fn about(&self) -> String {
        self.about.as_ref().map(|agency| format!("agency={}", encoded(&agency.agency.0))).unwrap_or_default()
    }
}

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// One agency for programs: what the whole answer says of it.
#[derive(Serialize)]
struct Part<'a> {
    #[serde(flatten)]
    overview: Overview,
    stale_days: u64,
    about: &'a AgencyCoverage,
    systems: Vec<SystemCoverage>,
}

/// All agencies.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, None, Default::default()).await
}

/// One agency.
pub async fn one(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let done = if asked.done == "said" { "naming-done" } else { "" };
    shown(&house, &person, Some(&id), (Notice { done, ..Notice::default() }, None)).await
}

/// The page with what was done, or what went wrong and the words of the form.
pub async fn shown(
    house: &Arc<WebHouse>,
    person: &Person,
    id: Option<&str>,
    (notice, form): (Notice, Option<Form>),
) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let found = seat.coverage(&house.house)?;
    let about = match id {
        None => None,
        Some(id) => {
            let known = found.agencies.iter().find(|agency| agency.agency.0 == id).cloned();
            Some(known.ok_or_else(WebError::not_found)?)
        }
    };
    if let Some(format) = exports::wanted(visitor)? {
        return match &about {
            None => exports::give(format, found, AGENCIES),
            Some(agency) => {
                let (overview, stale_days, systems) =
                    (found.overview.clone(), found.stale_days, of_agency(found, agency));
                exports::give(format, &Part { overview, stale_days, about: agency, systems }, SYSTEMS)
            }
        };
    }
    let mut frame = Frame::new(visitor, Place::Government);
    frame.answers(found.overview.as_of, exports::BOTH);
    frame.asks(Some(about.as_ref().map_or_else(questions::agencies, |agency| questions::agency(&agency.agency.0))));
    let coverage = about.as_ref().map_or(found.coverage, |agency| agency.with_below);
    let name = about.as_ref().map(|agency| agency.name.clone());
    frame.title = name.clone().unwrap_or_else(|| frame.t("nav-government"));
    let agencies = tree(&found.agencies, about.as_ref().map(|agency| agency.agency.0.as_str()));
    let systems = match &about {
        None => Vec::new(),
        Some(agency) => of_agency(found, agency),
    };
    if about.is_some() {
        let all = frame.t("nav-government");
        frame.crumb(all, "/agencies");
    }
    let counts = [
        ("name", name.as_deref().unwrap_or_default().into()),
        ("agencies", agencies.len().into()),
        ("systems", coverage.systems().into()),
        ("known", coverage.known.into()),
    ];
    let key = if about.is_some() { "agency-headline" } else { "agencies-headline" };
    let headline = underpin_render::text(frame.language, key, &counts);
    let watched = house.watched(&seat).await?;
    let standing = seat.standing(watched)?;
    let figure = figure(&frame, &seat.desk, &standing.open_by_system, (&agencies, &systems));
    let long_ago = about.as_ref().and_then(|_| house.open_long_ago(&seat, visitor.as_of.is_none()));
    let then_and_now = about.as_ref().zip(long_ago).and_then(|(agency, (since, then))| {
        then_and_now(&frame, &seat.desk, &agency.agency, (since, &then), &standing.open_by_agency)
    });
    let elsewhere = if about.is_none() { house.house.elsewhere(&seat.desk).await? } else { None };
    let naming = match &about {
        Some(agency) => Naming::of(house, &seat, person, (&agency.agency, form)).await?,
        None => None,
    };
    html(&Page { frame, headline, agencies, systems, coverage, about, then_and_now, figure, elsewhere, notice, naming })
}

/// Systems that an agency runs itself.
fn of_agency(found: &CoverageAnswer, agency: &AgencyCoverage) -> Vec<SystemCoverage> {
    found.systems.iter().filter(|system| system.agency == agency.agency).cloned().collect()
}

/// Agencies below one, each followed by what hangs below it. An agency whose parent cannot be seen stands at the top.
pub fn tree(all: &[AgencyCoverage], above: Option<&str>) -> Vec<(usize, AgencyCoverage)> {
    let known: HashSet<&str> = all.iter().map(|agency| agency.agency.0.as_str()).collect();
    let mut below: HashMap<Option<&str>, Vec<&AgencyCoverage>> = HashMap::new();
    for agency in all {
        let parent = agency.parent.as_ref().map(|parent| parent.0.as_str()).filter(|parent| known.contains(parent));
        below.entry(parent).or_default().push(agency);
    }
    let mut found = Vec::new();
    // The next one to be looked at lies at the end.
    let mut next: Vec<(usize, &AgencyCoverage)> = Vec::new();
    let mut add = |next: &mut Vec<_>, depth, above| {
        next.extend(below.remove(&above).into_iter().flatten().rev().map(|agency| (depth, agency)));
    };
    add(&mut next, 0, above);
    while let Some((depth, agency)) = next.pop() {
        add(&mut next, depth + 1, Some(agency.agency.0.as_str()));
        found.push((depth, agency.clone()));
    }
    found
}

/// What was open in an agency and all below it long ago, and what is now; `None` when there is nothing to show.
fn then_and_now(
    frame: &Frame,
    desk: &Desk,
    agency: &AgencyId,
    (since, then): (Timestamp, &BTreeMap<AgencyId, BySeverity>),
    now: &BTreeMap<AgencyId, BySeverity>,
) -> Option<Figure> {
    let below = desk.with_descendants(agency);
    let counts = [then, now].map(|found| sum(below.iter().filter_map(|agency| found.get(agency))));
    let list = format!("/findings?agency={}&", encoded(&agency.0));
    let query = FindingsQuery { agency: Some(agency.0.clone()), ..FindingsQuery::default() };
    let (csv, sql) = (format!("{list}format=csv"), questions::by_severity(desk, &query)?);
    let period = (since, desk.overview().as_of);
    let is_any = counts.iter().flatten().any(|count| *count > 0);
    is_any.then(|| figures::then_and_now(frame, period, (counts[0], counts[1]), (&list, csv, sql)))
}

/// What is open: by system where the agency runs some, else by the agencies of the first level, each with everything below it, as the
/// list behind each bar has it.
fn figure(
    frame: &Frame,
    desk: &Desk,
    found: &BTreeMap<u32, u64>,
    (agencies, systems): (&[(usize, AgencyCoverage)], &[SystemCoverage]),
) -> Option<Figure> {
    let of_system = |id: &str| desk.system_position(id).and_then(|at| found.get(&at)).copied().unwrap_or_default();
    let bar = |name: &str, count, href| Bar { name: name.to_owned(), count, href };
    let (bars, all, of, measure): (Vec<Bar>, usize, _, _) = if systems.is_empty() {
        let mut by_agency: HashMap<&AgencyId, u64> = HashMap::new();
        for (position, count) in found {
            *by_agency.entry(&desk.system(*position).agency).or_default() += count;
        }
        let first = agencies.iter().filter(|(depth, _)| *depth == 0);
        let counted = first.map(|(_, agency)| {
            let below = desk.with_descendants(&agency.agency);
            let count = below.iter().filter_map(|agency| by_agency.get(agency)).sum();
            bar(&agency.name, count, format!("/findings?agency={}", encoded(&agency.agency.0)))
        });
        let bars: Vec<Bar> = counted.collect();
        let all = bars.len();
        (bars, all, "agency", "open-by-agency")
    } else {
        let counted = systems.iter().map(|system| {
            let id = &system.system.0;
            bar(&system.name, of_system(id), format!("/findings?system={}", encoded(id)))
        });
        (counted.filter(|bar| bar.count > 0).collect(), systems.len(), "system", "open-by-system")
    };
    let told: Vec<(&str, u64)> = bars.iter().map(|bar| (bar.name.as_str(), bar.count)).collect();
    let headline = standing::most_open(frame.language, &told, all as u64);
    let is_drawn = bars.iter().any(|bar| bar.count > 0);
    is_drawn.then(|| Figure {
        id: "what-is-open",
        headline,
        subtitle: frame.t(measure),
        source: frame.t("chart-source-findings"),
        as_of: desk.overview().as_of,
        csv_href: "/findings?format=csv".to_owned(),
        sql: format!(
            "SELECT {of}, count(*) AS findings FROM finding\nWHERE status NOT IN ('fixed', 'not-affected')\n\
             GROUP BY {of} ORDER BY findings DESC, {of}"
        ),
        language: frame.language,
        picture: Picture::Bars(Bars { of: frame.t(of), counted: frame.t("findings"), bars }),
    })
}
