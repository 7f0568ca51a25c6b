// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/catalogue`: which software does the government itself build or publish? Who is signed in sees what lies within sight; everybody else
//! sees what is public, where the operator has switched that on.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use underpin_model::catalogue::DevelopmentState;
use underpin_office::role_model::DuplicateReason;
use underpin_office::role_model::catalogue::{CatalogueAnswer, CatalogueQuery, RepositoryRow};
use underpin_office::role_model::catalogue_export::CatalogueFormat;
use underpin_office::role_model::repository_view::DuplicateRow;
use underpin_render::text;

use super::Answer;
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::for_everybody;
use crate::visitor::Visitor;

/// Repositories that are shown; the files hold all.
const SHOWN_ROWS: usize = 500;
/// The same question in SQL.
const SQL: &str = "SELECT address, agency, name, visibility, licence, state, looked, met, not_met, not_assessed\nFROM own_repository\n\
    ORDER BY agency, address";
/// Repositories as rows of a file.
const ROWS: Rows = Rows {
    name: "catalogue",
    list: "rows",
    fields: &[
        "address",
        "agency",
        "agency_name",
        "name",
        "description",
        "visibility",
        "licence",
        "state",
        "software_type",
        "categories",
        "written_in",
        "commit",
        "committed",
        "looked",
        "practices.met",
        "practices.not_met",
        "practices.not_assessed",
    ],
};

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Page {
    frame: Frame,
    headline: String,
    query: CatalogueQuery,
    answer: CatalogueAnswer,
    shown: usize,
    is_cut: bool,
    /// What looks like the same thing built twice; nothing of it is public.
    duplicates: Vec<DuplicateRow>,
    /// Whether somebody who is signed in reads.
    is_inside: bool,
}

impl Page {
    fn address(&self, row: &RepositoryRow) -> String {
        repository_address(&row.address, Some(&row.agency))
    }

    fn other(&self, address: &str, agency: &str) -> String {
        repository_address(address, Some(agency))
    }

    fn because(&self, row: &DuplicateRow) -> Vec<String> {
        row.reasons.iter().map(|reason| because(&self.frame, reason)).collect()
    }

    fn states(&self) -> Vec<&'static str> {
        DevelopmentState::ALL.iter().map(|state| state.as_str()).collect()
    }

    fn list(&self, format: &str) -> String {
        exports::with_pairs("/catalogue", &[("as".to_owned(), format.to_owned())])
    }
}

/// The page of a repository.
pub(super) fn repository_address(address: &str, agency: Option<&str>) -> String {
    let agency = agency.map(|agency| format!("&agency={}", encoded(agency))).unwrap_or_default();
    format!("/catalogue/repository?address={}{agency}", encoded(address))
}

/// Why two look alike, in a sentence.
pub(super) fn because(frame: &Frame, reason: &DuplicateReason) -> String {
    use DuplicateReason as R;
    let told = |key: &str| frame.t(key);
    match reason {
        R::SameBeginning => told("alike-same-beginning"),
        R::MadeFromTheOther => told("alike-made-from-the-other"),
        R::SameContents { percent } => frame.n("alike-same-contents", &u64::from(*percent)),
        R::SameOrigin { from } => frame.say("alike-same-origin", "from", from),
        R::SameName => told("alike-same-name"),
        R::SameWords { percent } => frame.n("alike-same-words", &u64::from(*percent)),
        R::SameKind { categories } => frame.say("alike-same-kind", "categories", &categories.join(", ")),
    }
}

/// What the address asks for besides the words of the question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// A format of the world.
    #[serde(rename = "as")]
    pub export_as: String,
}

impl Wanted {
    /// The format, where one is asked for.
    pub(super) fn format(&self) -> Result<Option<CatalogueFormat>, WebError> {
        match self.export_as.as_str() {
            "" => Ok(None),
            word => word.parse().map(Some).map_err(|_| WebError::new(StatusCode::BAD_REQUEST, "format")),
        }
    }
}

impl Wanted {
    /// The format, where one with lists is asked for.
    fn list_format(&self) -> Result<Option<CatalogueFormat>, WebError> {
        match self.format()? {
            Some(format) if !format.has_list() => Err(WebError::new(StatusCode::BAD_REQUEST, "format")),
            format => Ok(format),
        }
    }
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(query): Query<CatalogueQuery>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let asked = wanted.list_format()?;
    let mut frame = Frame::new(&visitor, Place::Inventory);
    frame.title = frame.t("catalogue");
    if visitor.signed.is_none() {
        let now = house.now().await?;
        let catalogue = house.house.public_catalogue(now).await?.ok_or_else(WebError::not_found)?;
        let rests_on = Arc::clone(&catalogue);
        let make = async {
            if let Some(format) = asked {
                return Ok(list_file(format, &catalogue.export(format).text));
            }
            let answer = catalogue.list(&query);
            if let Some(format) = exports::wanted(&visitor)? {
                return exports::give(format, &answer, ROWS);
            }
            frame.offers(exports::BOTH);
            super::html(&of(frame, query, answer, Vec::new(), false))
        };
        return for_everybody(&house, (&visitor, &headers), rests_on, make).await;
    }
    if visitor.is_lost {
        return Err(WebError::new(StatusCode::BAD_REQUEST, "as-of"));
    }
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    if let Some(format) = asked {
        return Ok(list_file(format, &house.house.catalogue_export(&seat.desk, None, format).await?.text));
    }
    let answer = house.house.catalogue(&seat.desk, &query).await?;
    if let Some(format) = exports::wanted(&visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let duplicates = house.house.duplicates(&seat.desk).await?.rows;
    super::html(&of(frame, query, answer, duplicates, true))
}

fn of(
    frame: Frame,
    query: CatalogueQuery,
    answer: CatalogueAnswer,
    mut duplicates: Vec<DuplicateRow>,
    is_inside: bool,
) -> Page {
    duplicates.retain(|row| row.put_aside.is_none());
    let (shown, all) = (answer.rows.len() as u64, answer.all);
    let words = [("shown", shown.into()), ("all", all.into())];
    let key = match (all, query.is_empty()) {
        (0, _) => "catalogue-headline-none",
        (_, true) => "catalogue-headline",
        (_, false) => "catalogue-headline-found",
    };
    let headline = text(frame.language, key, &words);
    let is_cut = answer.rows.len() > SHOWN_ROWS;
    Page { headline, frame, query, answer, shown: SHOWN_ROWS, is_cut, duplicates, is_inside }
}

/// A list in a format of the world, as a file.
fn list_file(format: CatalogueFormat, text: &str) -> Response {
    let name = match format {
        CatalogueFormat::Publiccode => "publiccode-feed.json",
        format => format.file(),
    };
    let media = if format == CatalogueFormat::Publiccode { "application/json" } else { format.media_type() };
    file(name, media, text.to_owned())
}

/// A text as a file.
pub(super) fn file(name: &str, media: &'static str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}
