// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/open-data`: what open source does the government use, and what does it give back? For everybody, without signing in, where the
//! operator has switched it on; elsewhere there is no such page. Files of an edition keep their addresses.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_model::engagement::PromiseState;
use underpin_model::limits::bounds::{OPEN_DATA_EDITIONS, OPEN_DATA_SECONDS};
use underpin_model::{Timestamp, Viewer};
use underpin_office::role_model::open_data::{FILES, OpenData, OpenKind, OpenPackage};
use underpin_office::supporter::public_promises::PublicPromises;
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::{numbers, text};

use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::{file_for_everybody, for_everybody};
use crate::pager::Pager;
use crate::visitor::Visitor;

/// Packages on a page.
const SHOWN: u64 = 100;
/// Packages in the picture.
const DRAWN: usize = 12;

/// Packages as rows of a file.
const ROWS: Rows = Rows { name: "packages", list: "packages", fields: &["package", "name", "type", "systems"] };

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    edition: String,
    page: u64,
}

/// An edition, with the promises that stand beside it.
#[derive(Debug, PartialEq)]
pub(crate) struct Edition {
    data: OpenData,
    promises: Option<PublicPromises>,
}

/// An edition that was worked out, and what it rests on.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    made: Timestamp,
    revision: i64,
    /// When something planned changes what may be counted.
    until: Timestamp,
    edition: Arc<Edition>,
}

/// Editions that were worked out lately, each by its day. Each is worked out by one at a time; the others are not held up by that.
pub(crate) type Kept = Mutex<Vec<(String, Arc<tokio::sync::Mutex<Option<Known>>>)>>;

/// The starter kit that was made last.
pub(crate) type KeptKit = tokio::sync::Mutex<Option<(Timestamp, Arc<Vec<u8>>)>>;

#[derive(Template)]
#[template(path = "open_data.html")]
struct Page {
    frame: Frame,
    headline: String,
    edition: Arc<Edition>,
    figure: Option<Figure>,
    pager: Pager,
}

impl Page {
    fn packages(&self) -> &[OpenPackage] {
        let packages = &self.edition.data.packages;
        let from = self.pager.skipped().min(packages.len());
        let until = (from + SHOWN as usize).min(packages.len());
        packages.get(from..until).unwrap_or_default()
    }

    fn delay(&self) -> String {
        self.frame.n("open-data-delay", &u64::from(self.edition.data.delay_days))
    }

    fn kinds(&self) -> &[OpenKind] {
        &self.edition.data.kinds
    }

    fn paid(&self, promises: &PublicPromises) -> String {
        numbers::euro(self.frame.language, promises.promises.iter().map(|one| one.paid_cents).sum())
    }

    fn of(&self, promises: &PublicPromises, state: &str) -> u32 {
        let named = state.parse::<PromiseState>().ok();
        promises.states.iter().find(|one| Some(one.state) == named).map_or(0, |one| one.commitments)
    }
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Answer {
    let named = (!asked.edition.is_empty()).then_some(asked.edition.as_str());
    let edition = match edition_of(&house, named).await? {
        Some(edition) => edition,
        // Switched on, and nothing is old enough yet: that is an answer, too.
        None if named.is_none() => return not_yet(&house, &visitor),
        None => return Err(WebError::not_found()),
    };
    if visitor.signed.is_some() {
        return shown(edition, asked.page, &visitor);
    }
    let rests_on = Arc::clone(&edition);
    let make = async { shown(edition, asked.page, &visitor) };
    for_everybody(&house, (&visitor, &headers), rests_on, make).await
}

fn shown(edition: Arc<Edition>, number: u64, visitor: &Visitor) -> Answer {
    let data = &edition.data;
    match exports::wanted(visitor)? {
        None => {}
        // What is public is not classified by being together: no word about that in it.
        Some(Format::Json) => return told(data),
        Some(format) => return Ok(cacheable(exports::give(format, data, ROWS)?)),
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("open-data");
    frame.offers(exports::BOTH);
    let pager = Pager::new(&frame, number, data.packages.len() as u64, SHOWN);
    html(&Page { headline: headline(&frame, data), figure: figure(&frame, data), pager, edition, frame })
}

/// The starter kit, made anew every now and then.
pub async fn starter_kit(State(house): State<Arc<WebHouse>>) -> Answer {
    if !house.house.publishes_open_data() {
        return Err(WebError::not_found());
    }
    let wall = house.wall_clock();
    let mut kept = house.starter_kit.lock().await;
    let is_old = |made: &Timestamp| wall.0.saturating_sub(made.0) >= OPEN_DATA_SECONDS.saturating_mul(1_000_000);
    let bytes = match kept.as_ref().filter(|(made, _)| !is_old(made)) {
        Some((_, bytes)) => Arc::clone(bytes),
        None => {
            let bytes = Arc::new(house.house.starter_kit(house.now().await?).await?);
            *kept = Some((wall, Arc::clone(&bytes)));
            bytes
        }
    };
    let file = "attachment; filename=\"starter-kit.tar.zst\"";
    let headers = [(header::CONTENT_TYPE, "application/zstd"), (header::CONTENT_DISPOSITION, file)];
    Ok(cacheable((headers, bytes.as_ref().clone()).into_response()))
}

fn told(data: &OpenData) -> Answer {
    let body = serde_json::to_string(data)
        .map_err(|_| WebError::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    Ok(cacheable(([(header::CONTENT_TYPE, "application/json")], body).into_response()))
}

/// A file of an edition.
pub async fn file(
    State(house): State<Arc<WebHouse>>,
    Path((edition, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    if !FILES.contains(&name.as_str()) {
        return Err(WebError::not_found());
    }
    let found = edition_of(&house, Some(&edition)).await?.ok_or_else(WebError::not_found)?;
    let rests_on = Arc::clone(&found);
    let make = async {
        let bytes = found.data.file(&name)?.ok_or_else(WebError::not_found)?;
        let kind = match name.rsplit('.').next() {
            Some("csv") => "text/csv; charset=utf-8",
            Some("json") => "application/json",
            _ => "application/vnd.apache.parquet",
        };
        Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
    };
    file_for_everybody(&house, (&format!("/open-data/{edition}/{name}"), &headers), rests_on, make).await
}

/// Everybody gets the same, for a while.
fn cacheable(mut answer: axum::response::Response) -> axum::response::Response {
    let value = axum::http::HeaderValue::from_static("public, max-age=300");
    answer.headers_mut().insert(header::CACHE_CONTROL, value);
    answer
}

/// An edition; worked out by one at a time, since everybody may ask. It is kept as long as nothing is written, and for a while where much
/// is; one that comes out the same again stays the very same.
async fn edition_of(house: &WebHouse, edition: Option<&str>) -> Result<Option<Arc<Edition>>, WebError> {
    if !house.house.publishes_open_data() {
        return Err(WebError::not_found());
    }
    let now = house.now().await?;
    let newest = house.house.open_data_editions(now).await?;
    let asked = edition.map_or_else(|| newest.first().map(|at| at.date()), |day| Some(day.to_owned()));
    // What nobody could have asked for is not looked for: a stranger chooses this word.
    let Some(day) = asked.filter(|day| newest.iter().any(|at| at.date() == *day)) else { return Ok(None) };
    let place = place_of(house, &day);
    let mut known = place.lock().await;
    // Asked first: what is written meanwhile makes the edition older than it says.
    let revision = house.house.revision(Viewer::Operator, now).await?;
    let wall = house.wall_clock();
    let is_young = |one: &Known| wall.0.saturating_sub(one.made.0) < OPEN_DATA_SECONDS.saturating_mul(1_000_000);
    let holds = |one: &Known| one.revision == revision && now < one.until && one.made.date() == wall.date();
    if let Some(one) = known.as_ref().filter(|one| is_young(one) || holds(one)) {
        return Ok(Some(Arc::clone(&one.edition)));
    }
    let Some(data) = house.house.open_data(Some(&day), now).await? else { return Ok(None) };
    let found = Edition { data, promises: house.house.public_promises(now).await? };
    let edition = match known.take().map(|one| one.edition).filter(|one| **one == found) {
        Some(same) => same,
        None => Arc::new(found),
    };
    let until = house.house.next_planned(now).await?.unwrap_or(Timestamp::MAX);
    *known = Some(Known { made: wall, revision, until, edition: Arc::clone(&edition) });
    Ok(Some(edition))
}

/// Where an edition is kept.
fn place_of(house: &WebHouse, day: &str) -> Arc<tokio::sync::Mutex<Option<Known>>> {
    let mut kept = house.open_data.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, place)) = kept.iter().find(|(known, _)| known == day) {
        return Arc::clone(place);
    }
    let place = Arc::default();
    kept.truncate(OPEN_DATA_EDITIONS);
    kept.insert(0, (day.to_owned(), Arc::clone(&place)));
    place
}

#[derive(Template)]
#[template(path = "open_data_none.html")]
struct NotYet {
    frame: Frame,
    delay: u64,
}

fn not_yet(house: &WebHouse, visitor: &Visitor) -> Answer {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("open-data");
    html(&NotYet { frame, delay: u64::from(house.house.settings.open_data.delay_days) })
}

/// What is used most.
fn headline(frame: &Frame, data: &OpenData) -> String {
    match data.packages.first() {
        Some(first) => text(
            frame.language,
            "open-data-headline",
            &[("name", first.name.as_str().into()), ("count", first.systems.into())],
        ),
        None => frame.t("open-data-headline-none"),
    }
}

/// The packages that are used most, as bars.
fn figure(frame: &Frame, data: &OpenData) -> Option<Figure> {
    let bar = |name: &str, count: u64| Bar { name: name.to_owned(), count, href: String::new() };
    // In a small country no package may be told of, and types perhaps may.
    let of_types = data.packages.is_empty();
    let bars: Vec<Bar> = match of_types {
        true => data.kinds.iter().map(|one| bar(&one.kind, one.systems)).collect(),
        false => data.packages.iter().take(DRAWN).map(|one| bar(&one.name, one.systems)).collect(),
    };
    let list = if of_types { "types" } else { "packages" };
    let as_of = format!("{}T00:00:00Z", data.edition).parse().ok()?;
    (!bars.is_empty()).then(|| Figure {
        id: "most-used",
        headline: frame.t(if of_types { "open-data-types" } else { "open-data-most-used" }),
        subtitle: frame.t(if of_types { "open-data-measure-types" } else { "open-data-measure" }),
        source: frame.t("chart-source-inventory"),
        as_of,
        csv_href: format!("/open-data/{}/{list}.csv", encoded(&data.edition)),
        sql: String::new(),
        language: frame.language,
        picture: Picture::Bars(Bars {
            of: frame.t(if of_types { "open-data-type" } else { "package" }),
            counted: frame.t("systems"),
            bars,
        }),
    })
}
