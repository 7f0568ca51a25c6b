// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/projects/{*project}`: how do we depend on this project, and why do we think so?

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use underpin_model::community::{Excerpt, Said};
use underpin_model::engagement::ProjectReply;
use underpin_model::registry::AgencyId;
use underpin_model::signals::{Reading, Value};
use underpin_office::Desk;
use underpin_office::supporter::kept_signals::KeptLook;
use underpin_office::supporter::project::ProjectAnswer;
use underpin_office::supporter::project_view::ProjectStanding;
use underpin_office::supporter::risks::RateStep;
use underpin_render::charts::Figure;
use underpin_render::text;

use super::dossier::address as dossier;
use super::projects::{name_of, points};
use super::projects_map::{hundredths, rate};
use super::{Answer, html};
use crate::error::encoded;
use crate::exports::{self, Rows};
use crate::figures::{Counted, by_agency};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;
use crate::{bars, questions};

/// Systems that are shown; the files hold all.
const SHOWN_ROWS: usize = 100;
/// Systems as rows of a file.
const ROWS: Rows = Rows {
    name: "project",
    list: "rows",
    fields: &["system", "agency", "points", "scope", "direct", "depth_least", "documents"],
};

#[derive(Template)]
#[template(path = "project.html")]
struct Page<'d> {
    frame: Frame,
    headline: String,
    figure: Figure,
    desk: &'d Desk,
    answer: &'d ProjectAnswer,
    /// What the project itself said.
    replies: &'d [ProjectReply],
    standing: Option<&'d ProjectStanding>,
    /// Names of agencies that rely on it and agreed to be named or counted in thanks.
    agreed: Vec<String>,
    /// The rows that are shown.
    shown: usize,
    is_cut: bool,
}

impl Page<'_> {
    fn points(&self, number: &f64) -> String {
        points(&self.frame, *number)
    }

    fn agency(&self, id: &str) -> String {
        bars::name_of(self.desk, id)
    }

    fn rate(&self, number: &f64) -> String {
        rate(&self.frame, *number)
    }

    fn count(&self, key: &str, count: &u32) -> String {
        self.frame.n(key, &u64::from(*count))
    }

    /// The expected harm with its range, and its place.
    fn harm(&self, standing: &ProjectStanding) -> String {
        let risk = &standing.risk;
        let numbers = [risk.dependence.likely, risk.risk.mean, risk.risk.low, risk.risk.high];
        let [points, mean, low, high] = numbers.map(|number| self.points(&number));
        let place = if standing.is_compared { risk.place.to_string() } else { "–".to_owned() };
        let words = [("points", &points), ("mean", &mean), ("low", &low), ("high", &high), ("place", &place)];
        text(self.frame.language, "map-sum-lede", &words.map(|(name, value)| (name, value.into())))
    }

    /// What moved a rate, in words.
    fn step(&self, step: &RateStep) -> String {
        let what = step.reason.map_or_else(
            || self.frame.t("map-step-published"),
            |reason| self.frame.word("fragility-why", reason.as_str()),
        );
        let [events, years] = [step.events, step.years].map(|number| hundredths(&self.frame, number));
        let key = match (step.events > 0.0, step.years > 0.0) {
            (true, false) => "map-step-events",
            (false, true) => "map-step-years",
            _ => "map-step",
        };
        let words = [("what", &what), ("events", &events), ("years", &years)];
        text(self.frame.language, key, &words.map(|(name, value)| (name, value.into())))
    }

    /// What is known of a signal, in words.
    fn reading(&self, reading: &Reading) -> String {
        let frame = &self.frame;
        match reading {
            Reading::Unknown(why) => {
                let why = frame.word("ignorance", why.as_str());
                text(frame.language, "fragility-unknown", &[("why", (&why).into())])
            }
            Reading::Known(Value::Number(number)) => frame.number(number),
            Reading::Known(Value::Fraction { part, whole }) => {
                let words = [("part", (*part).into()), ("whole", (*whole).into())];
                text(frame.language, "fragility-of", &words)
            }
            Reading::Known(Value::Flag(flag)) => frame.t(if *flag { "yes" } else { "no" }),
            Reading::Known(Value::Moment(at)) => frame.day(at),
            Reading::Known(Value::Word(word)) => frame.word("declared", word.as_str()),
        }
    }

    /// Questions to which the project says something, with its words.
    fn said<'l>(&self, look: &'l KeptLook) -> Vec<(&'static str, &'l Excerpt)> {
        let said = |(question, said): (&'static str, &'l Said)| match said {
            Said::Words(words) => Some((question, words)),
            Said::Unknown(_) => None,
        };
        look.signals.community.entries().into_iter().filter_map(said).collect()
    }

    /// How the project wants to be approached, as it said.
    fn told(&self, reply: &ProjectReply) -> String {
        reply.contact.entries().iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
    }

    fn system(&self, id: &str) -> String {
        self.desk.system_position(id).map_or_else(|| id.to_owned(), |position| self.desk.system(position).name.clone())
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(key): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let view = seat.project(&house.house, &key).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &*view, ROWS);
    }
    let answer = &view.answer;
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = name_of(&answer.priority.project).to_owned();
    for (words, address) in [("nav-inventory", "/find"), ("projects", "/projects")] {
        let words = frame.t(words);
        frame.crumb(words, address);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    let sql = questions::uses_of(&answer.priority.packages);
    frame.asks(Some(sql.clone()));
    let words = [
        ("project", name_of(&answer.priority.project).into()),
        ("systems", u64::from(answer.priority.systems).into()),
        ("agencies", u64::from(answer.priority.agencies).into()),
    ];
    let headline = text(frame.language, "project-headline", &words);
    let counts: BTreeMap<&str, u64> =
        answer.agencies.iter().map(|row| (row.agency.as_str(), u64::from(row.systems))).collect();
    let rows = bars::of_agencies(&seat.desk, counts);
    let as_of = answer.overview.as_of;
    let figure = by_agency(&frame, as_of, (Counted::Systems, "project-measure"), &rows, ("/agencies/", sql));
    let is_cut = answer.rows.len() > SHOWN_ROWS;
    let standing = view.standing.as_ref();
    let replies = view.replies.as_slice();
    let all = house.house.agreed(&answer.priority.project, as_of).await?;
    let relying = answer.agencies.iter().map(|row| AgencyId(row.agency.clone())).filter(|agency| all.contains(agency));
    let agreed = relying.map(|agency| seat.desk.agency_name(&agency).to_owned()).collect();
    let (desk, shown) = (&seat.desk, SHOWN_ROWS);
    html(&Page { frame, headline, figure, desk, answer, replies, standing, agreed, shown, is_cut })
}

/// The page of a package.
fn package(purl: &str) -> String {
    format!("/packages?purl={}", encoded(purl))
}
