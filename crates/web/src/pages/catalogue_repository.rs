// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/catalogue/repository`: how does one repository keep practices, who runs it, and what looks like it? There is no number over all
//! standards.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use underpin_model::catalogue::{Converted, Declared, KeptPlace, KeptPractice};
use underpin_model::practices::Outcome;
use underpin_model::registry::AgencyId;
use underpin_office::role_model::SafeTotal;
use underpin_office::role_model::catalogue::{OutcomeTally, RepositoryRow, StandardResults};
use underpin_office::role_model::catalogue_export::CatalogueFormat;
use underpin_office::role_model::public_catalogue::PublicCatalogue;
use underpin_office::role_model::repository_view::{DuplicateRow, RunsRow};
use underpin_office::role_model::self_assessment::{RequirementRow, Strength};
use underpin_render::text;

use super::catalogue::{Wanted, because, file, repository_address};
use super::catalogue_assess::{assess_address, said};
use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::for_everybody;
use crate::visitor::Visitor;

/// Practices as rows of a file.
const ROWS: Rows = Rows {
    name: "practices",
    list: "practices",
    fields: &["standard", "rule", "practice", "version", "outcome", "obstacle", "places", "more_places"],
};

#[derive(Template)]
#[template(path = "catalogue_repository.html")]
struct Page {
    frame: Frame,
    headline: String,
    row: RepositoryRow,
    declared: Declared,
    standards: Vec<StandardResults>,
    runs: Vec<RunsRow>,
    elsewhere: Option<SafeTotal>,
    duplicates: Vec<DuplicateRow>,
    is_inside: bool,
    /// What people of the agency answered.
    said: Vec<RequirementRow>,
    /// The page of all questions, and how many are open that must be answered.
    to_questions: Option<(String, u64)>,
    /// Files for others that can be made of it.
    formats: Vec<CatalogueFormat>,
}

impl Page {
    fn title(&self, practice: &KeptPractice) -> String {
        self.frame.t(&format!("practice-{}", practice.practice))
    }

    /// Where people find it, where its address is one of the web.
    fn web_address(&self) -> Option<String> {
        let host = self.row.address.split('/').next().unwrap_or_default();
        let is_host = host.contains('.') && !host.starts_with('.') && !host.contains([':', '@', '\\']);
        is_host.then(|| format!("https://{}", self.row.address))
    }

    /// How to mend it; empty for what is met.
    fn fix(&self, practice: &KeptPractice) -> String {
        match practice.outcome {
            Outcome::NotMet => self.frame.t(&format!("practice-{}-fix", practice.practice)),
            Outcome::NotAssessed => {
                practice.obstacle.map(|why| self.frame.t(&format!("obstacle-{}", why.as_str()))).unwrap_or_default()
            }
            Outcome::Met => String::new(),
        }
    }

    fn place(&self, place: &KeptPlace) -> String {
        underpin_render::practices::fault(self.frame.language, place.code, &place.detail)
    }

    fn tally(&self, standard: &StandardResults) -> String {
        let tally = OutcomeTally::of(&standard.practices);
        let words = [("met", tally.met.into()), ("not", tally.not_met.into()), ("unknown", tally.not_assessed.into())];
        text(self.frame.language, "catalogue-tally", &words)
    }

    /// The other one of a pair: its address, and that of its page.
    fn other(&self, pair: &DuplicateRow) -> (String, String) {
        let is_first = pair.one == self.row.address && pair.one_agency == self.row.agency;
        let (address, agency) =
            if is_first { (&pair.other, &pair.other_agency) } else { (&pair.one, &pair.one_agency) };
        (address.clone(), repository_address(address, Some(agency)))
    }

    fn because(&self, pair: &DuplicateRow) -> Vec<String> {
        pair.reasons.iter().map(|reason| because(&self.frame, reason)).collect()
    }

    /// Who said it, and when.
    fn said(&self, row: &RequirementRow) -> String {
        said(&self.frame, row, &self.row.agency_name)
    }

    fn questions(&self, open: &u64) -> String {
        let words = [("name", self.row.name.as_str().into()), ("open", (*open).into())];
        text(self.frame.language, "self-assessment-headline", &words)
    }

    fn formats(&self) -> Vec<(&'static str, String)> {
        let address = |format: &CatalogueFormat| {
            let own = repository_address(&self.row.address, self.is_inside.then_some(&self.row.agency));
            (format.file(), format!("{own}&as={}", format.as_str()))
        };
        self.formats.iter().map(address).collect()
    }

    fn system(&self, run: &RunsRow) -> String {
        format!("/systems/{}", encoded(&run.system))
    }
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    address: String,
    agency: String,
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let format = wanted.format()?;
    if visitor.signed.is_none() {
        let now = house.now().await?;
        let catalogue = house.house.public_catalogue(now).await?.ok_or_else(WebError::not_found)?;
        let rests_on = Arc::clone(&catalogue);
        let make = async { outside(&catalogue, &visitor, &asked.address, format) };
        return for_everybody(&house, (&visitor, &headers), rests_on, make).await;
    }
    inside(&house, &visitor, asked, format).await
}

/// The page for everybody.
fn outside(catalogue: &PublicCatalogue, visitor: &Visitor, address: &str, format: Option<CatalogueFormat>) -> Answer {
    if let Some(format) = format {
        return converted(format, catalogue.file(address, format).ok_or_else(WebError::not_found)?);
    }
    let found = catalogue.repository(address).ok_or_else(WebError::not_found)?;
    if let Some(form) = exports::wanted(visitor)? {
        return exports::give(form, &Practices::of(&found.standards, &found), ROWS);
    }
    let mut frame = framed(visitor, &found.repository);
    frame.offers(exports::BOTH);
    html(&Page {
        headline: headline(&frame, &found.repository, &found.standards),
        frame,
        row: found.repository,
        declared: found.declared,
        standards: found.standards,
        said: found.self_assessment,
        to_questions: None,
        runs: Vec::new(),
        elsewhere: None,
        duplicates: Vec::new(),
        formats: catalogue.formats(address),
        is_inside: false,
    })
}

/// The page for who is signed in.
async fn inside(house: &WebHouse, visitor: &Visitor, asked: Asked, format: Option<CatalogueFormat>) -> Answer {
    if visitor.is_lost {
        return Err(WebError::new(StatusCode::BAD_REQUEST, "as-of"));
    }
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let agency = Some(AgencyId(asked.agency)).filter(|agency| !agency.0.is_empty());
    if let Some(format) = format {
        let of = (asked.address.as_str(), agency.as_ref());
        let found = house.house.repository_file(&seat.desk, of, format).await.map_err(hidden)?;
        return converted(format, found);
    }
    let found = house.house.repository(&seat.desk, &asked.address, agency.as_ref()).await.map_err(hidden)?;
    let of = (asked.address.as_str(), agency.as_ref());
    let formats = house.house.repository_formats(&seat.desk, of).await.map_err(hidden)?;
    if let Some(form) = exports::wanted(visitor)? {
        return exports::give(form, &Practices::of(&found.standards, &found), ROWS);
    }
    let mut assessed = house.house.self_assessment(&seat.desk, of.0, of.1).await.map_err(hidden)?;
    let to_questions =
        (!assessed.rows.is_empty()).then(|| (assess_address(&assessed, None), assessed.open(Strength::Must)));
    assessed.rows.retain(|row| row.answer.is_some());
    let mut frame = framed(visitor, &found.repository);
    frame.answers(found.overview.as_of, exports::BOTH);
    let quoted = found.repository.address.replace('\'', "''");
    frame.asks(Some(format!("SELECT *\nFROM own_repository\nWHERE address = '{quoted}'")));
    html(&Page {
        headline: headline(&frame, &found.repository, &found.standards),
        frame,
        row: found.repository,
        declared: found.declared,
        standards: found.standards,
        said: assessed.rows,
        to_questions,
        runs: found.runs,
        elsewhere: found.elsewhere,
        duplicates: found.duplicates,
        formats,
        is_inside: true,
    })
}

/// What is not there, or not for this reader, looks the same.
pub(super) fn hidden(error: underpin_office::OfficeError) -> WebError {
    match error.code {
        "unknown-repository" | "ambiguous-name" => WebError::not_found(),
        _ => error.into(),
    }
}

fn framed(visitor: &Visitor, row: &RepositoryRow) -> Frame {
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title.clone_from(&row.name);
    let words = frame.t("catalogue");
    frame.crumb(words, "/catalogue");
    frame
}

/// How many standards ask for something that is not met; where nobody looked, that. Practices of several standards are no sum.
fn headline(frame: &Frame, row: &RepositoryRow, standards: &[StandardResults]) -> String {
    let not_met = |standard: &&StandardResults| OutcomeTally::of(&standard.practices).not_met > 0;
    let not = standards.iter().filter(not_met).count() as u64;
    let key = match (row.looked, standards.is_empty(), not) {
        (None, ..) | (_, true, _) => "repository-headline-unknown",
        (_, _, 0) => "repository-headline-met",
        _ => "repository-headline",
    };
    text(frame.language, key, &[("name", row.name.as_str().into()), ("not", not.into())])
}

/// A file, or what is missing for it.
fn converted(format: CatalogueFormat, found: Converted) -> Result<Response, WebError> {
    match found.text {
        Some(text) => Ok(file(format.file(), format.media_type(), text)),
        None => Err(WebError::new(StatusCode::CONFLICT, "not-declared")),
    }
}

/// Practices as one list, beside the whole answer.
#[derive(serde::Serialize)]
struct Practices<'a, A: serde::Serialize> {
    #[serde(flatten)]
    answer: &'a A,
    practices: Vec<&'a KeptPractice>,
}

impl<'a, A: serde::Serialize> Practices<'a, A> {
    fn of(standards: &'a [StandardResults], answer: &'a A) -> Self {
        Self { answer, practices: standards.iter().flat_map(|one| &one.practices).collect() }
    }
}
