// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/coverage`: of what do we know nothing, and whom to ask?

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use underpin_model::coverage::CoverageState;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_office::Desk;
use underpin_office::coordinator::coverage::{AgencyCoverage, CoverageAnswer, SystemCoverage};
use underpin_office::coordinator::evidence::EvidenceKind;
use underpin_office::elsewhere::Elsewhere;
use underpin_render::charts::{Figure, Matrix, MatrixRow, Picture};
use underpin_render::{headlines, text};

use super::agencies::{AGENCIES, tree};
use super::{Answer, html};
use crate::bars::name_of;
use crate::error::{WebError, encoded};
use crate::exports::{self, Format};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::seat::Seat;
use crate::visitor::Person;

/// Systems to ask for that are shown; the files hold all.
const SHOWN_SYSTEMS: usize = 100;

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    answer: &'p CoverageAnswer,
    agencies: Vec<(usize, AgencyCoverage)>,
    /// Agencies and kinds of evidence; absent where there is no system.
    figure: Option<Figure>,
    /// Systems of which nothing, nothing new, or not enough is known; or those of one cell of the picture.
    asked: Vec<SystemCoverage>,
    /// Words above them.
    asked_title: String,
    is_cut: bool,
    /// What lies beyond the reach of the reader, where that is told.
    elsewhere: Option<Elsewhere>,
    /// Whether documents can be handed in.
    hands_in: bool,
    desk: &'p Desk,
}

impl Page<'_> {
    /// The name of an agency.
    fn agency(&self, id: &str) -> String {
        name_of(self.desk, id)
    }
}

/// What the address asks for: the systems of one cell of the picture, or how systems stand towards a question.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    agency: String,
    evidence: String,
    state: String,
    /// A package, as the search takes it.
    question: String,
    versions: String,
    /// Types of packages, with commas between them.
    types: String,
}

/// Words for a question, and how each system (by position) stands towards it.
type Towards = (String, Arc<[CoverageState]>);

impl Asked {
    /// How systems stand towards what is asked; `None` where nothing is asked.
    fn towards(&self, desk: &Desk, stale_days: u64) -> Result<Option<Towards>, WebError> {
        let (question, types) = (self.question.trim(), self.types.trim());
        if !question.is_empty() {
            let versions = Some(self.versions.trim()).filter(|text| !text.is_empty());
            let answer = desk.where_used_first(question, versions, stale_days, 0)?;
            return Ok(Some(([question, self.versions.trim()].join(" ").trim().to_owned(), answer.states)));
        }
        if types.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<String> = types.split(',').map(str::to_owned).collect();
        Ok(Some((wanted.join(", "), desk.states_for(&wanted, stale_days)?)))
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.coverage(&house.house)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, answer, AGENCIES);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("nav-coverage");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(questions::agencies()));
    let headline = headlines::coverage(frame.language, &answer.coverage);
    let agencies = tree(&answer.agencies, None);
    let desk = &*seat.desk;
    let towards = asked.towards(desk, answer.stale_days)?;
    let systems = answer.systems.iter().map(|system| match &towards {
        None => Cow::Borrowed(system),
        Some((_, states)) => Cow::Owned(standing(desk, system, states)),
    });
    let figure = (!answer.systems.is_empty()).then(|| by_kind(&frame, &seat, answer));
    let below = desk.with_descendants(&asked.agency.as_str().into());
    let wanted = systems.filter(|system| is_in_cell(desk, system, &asked, &below));
    let asked_title = match EvidenceKind::ALL.iter().find(|kind| kind.as_str() == asked.evidence) {
        None if CoverageState::ALL.iter().all(|state| state.as_str() != asked.state) => frame.t("coverage-gaps"),
        None => format!("{}: {}", frame.t("what-is-known"), frame.word("known", &asked.state)),
        Some(kind) => format!("{}: {}", frame.t("coverage-evidence"), frame.word("evidence", kind.as_str())),
    };
    let asked_title = match &towards {
        None => asked_title,
        Some((what, _)) => {
            let towards = text(frame.language, "coverage-towards", &[("what", what.as_str().into())]);
            format!("{towards}. {asked_title}")
        }
    };
    let mut asked: Vec<SystemCoverage> = wanted.take(SHOWN_SYSTEMS + 1).map(Cow::into_owned).collect();
    let is_cut = asked.len() > SHOWN_SYSTEMS;
    asked.truncate(SHOWN_SYSTEMS);
    let hands_in = visitor.as_of.is_none() && visitor.viewer().may(Act::HandIn);
    let (desk, elsewhere) = (&seat.desk, house.house.elsewhere(&seat.desk).await?);
    html(&Page { frame, headline, answer, agencies, figure, asked, asked_title, is_cut, elsewhere, hands_in, desk })
}

/// A system as it stands towards a question.
fn standing(desk: &Desk, system: &SystemCoverage, states: &[CoverageState]) -> SystemCoverage {
    let position = desk.system_position(&system.system.0);
    let state = position.and_then(|position| states.get(position as usize).copied());
    SystemCoverage { state: state.unwrap_or(system.state), ..system.clone() }
}

/// Whether a system belongs to what is asked for: one cell of the picture, else what must be asked of its agency.
fn is_in_cell(desk: &Desk, system: &SystemCoverage, asked: &Asked, below: &[AgencyId]) -> bool {
    if !asked.state.is_empty() {
        // As the numbers of an agency count what hangs below it, too.
        let is_asked = asked.agency.is_empty() || below.contains(&system.agency);
        return system.state.as_str() == asked.state && is_asked;
    }
    if asked.evidence.is_empty() {
        return system.state != CoverageState::Known && (asked.agency.is_empty() || asked.agency == system.agency.0);
    }
    let kinds = desk.system_position(&system.system.0).map(|position| desk.evidence_kinds(position));
    let has_kind = kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == asked.evidence));
    has_kind && (asked.agency.is_empty() || asked.agency == system.agency.0)
}

/// Systems of each agency by the kind of evidence about them. A system counts in each kind that there is about it.
fn by_kind(frame: &Frame, seat: &Seat, answer: &CoverageAnswer) -> Figure {
    let (desk, counts) = (&*seat.desk, seat.kinds(answer));
    let row = |(agency, (all, of_kind)): (&String, &(u64, [u64; EvidenceKind::ALL.len()]))| MatrixRow {
        name: name_of(desk, agency),
        whole: *all,
        cells: EvidenceKind::ALL
            .iter()
            .zip(of_kind)
            .map(|(kind, count)| {
                (*count, format!("/coverage?agency={}&evidence={}#gaps", encoded(agency), kind.as_str()))
            })
            .collect(),
        href: format!("/agencies/{}", encoded(agency)),
    };
    let mut rows: Vec<MatrixRow> = counts.iter().map(row).collect();
    let missing = |row: &MatrixRow| row.cells.last().map_or(0, |cell| cell.0);
    rows.sort_by(|a, b| missing(b).cmp(&missing(a)).then(b.whole.cmp(&a.whole)).then_with(|| a.name.cmp(&b.name)));
    let matrix = Matrix {
        of: frame.t("agency"),
        whole: frame.t("systems"),
        kinds: EvidenceKind::ALL.iter().map(|kind| frame.word("evidence", kind.as_str())).collect(),
        last_is_bad: true,
        rows,
    };
    Figure {
        id: "by-kind",
        headline: matrix.headline(frame.language),
        subtitle: frame.t("coverage-by-kind"),
        source: frame.t("chart-source-inventory"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: "SELECT system.agency, catalogue.format, count(DISTINCT binding.system) AS systems\nFROM binding\n\
              JOIN system ON system.system = binding.system AND system.status = 'active'\n\
              JOIN catalogue ON catalogue.document = binding.document\nWHERE binding.current\n\
              GROUP BY system.agency, catalogue.format ORDER BY system.agency, catalogue.format"
            .to_owned(),
        language: frame.language,
        picture: Picture::Matrix(matrix),
    }
}
