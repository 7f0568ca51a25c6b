// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/engagements/new`: first how the project wants to be approached, then what is to be said to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form as Sent, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::Money;
use underpin_model::engagement::{Brings, DisclosureId, RequestKind, Topic};
use underpin_model::limits::bounds::CONTACT_TEXT_BYTES;
use underpin_model::people::Reach;
use underpin_model::registry::AgencyId;
use underpin_office::supporter::contact::{ContactRow, ContactWish};
use underpin_office::supporter::conversations::ConversationRow;
use underpin_office::supporter::thanks::ThankWish;
use underpin_office::{Desk, OfficeError};

use super::engagement_view::{self, Card, refusal, speaks};
use super::incident_view::{Fault, Notice, author};
use super::{Answer, html};
use crate::error::WebError;
use crate::frame::Frame;
use crate::house::{Seat, WebHouse};
use crate::visitor::{Person, Visitor};

/// Kinds that a form offers: a reminder has its own.
const KINDS: [RequestKind; 10] = [
    RequestKind::VulnerabilityReport,
    RequestKind::Ask,
    RequestKind::Offer,
    RequestKind::Invitation,
    RequestKind::Thanks,
    RequestKind::Issue,
    RequestKind::Patch,
    RequestKind::Change,
    RequestKind::Review,
    RequestKind::Talk,
];

/// What the forms say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    /// Secret of the session.
    pub form_token: String,
    project: String,
    kind: String,
    topic: String,
    case: String,
    /// The words.
    pub text: String,
    numbers: String,
    names: String,
    /// Agency in whose name, as it is written.
    pub agency: String,
    /// Name of the author.
    pub author: String,
    /// Where the project can complain.
    pub complaints: String,
    /// How far a program wrote the words.
    pub assistance: String,
    patch: String,
    reproduction: String,
    budget: String,
    minutes: String,
}

impl Form {
    /// One that knows who fills it in.
    pub fn of(person: &Person) -> Self {
        let own = person.signed.person.grants.iter().find_map(|grant| match &grant.reach {
            Reach::Agency(id) => Some(id.0.clone()),
            Reach::Government | Reach::System(_) => None,
        });
        Self { author: person.signed.person.name.clone(), agency: own.unwrap_or_default(), ..Self::default() }
    }

    /// The agency that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// Key of the fault.
    pub fn agency(&self, desk: &Desk) -> Result<AgencyId, &'static str> {
        match desk.agency_called(&self.agency) {
            Ok(agency) => Ok(agency.id.clone()),
            Err(error) if error.code == "ambiguous-name" => Err("ask-fault-agency-many"),
            Err(_) => Err("ask-fault-agency"),
        }
    }

    /// The wish, or what is wrong field by field.
    fn wish(&self, desk: &Desk, project: String) -> Result<ContactWish, Vec<(&'static str, &'static str)>> {
        let mut faults = Vec::new();
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let agency = self.agency(desk).map_err(|key| faults.push(("agency", key)));
        let budget = some(&self.budget).map(|text| text.parse::<Money>()).transpose();
        let budget = budget.map_err(|_| faults.push(("budget", "ask-fault-money")));
        let minutes = some(&self.minutes).map(|text| text.parse::<u32>()).transpose();
        let minutes = minutes.map_err(|_| faults.push(("minutes", "ask-fault-minutes")));
        let case = some(&self.case).map(|text| text.parse::<DisclosureId>()).transpose();
        let case = case.map_err(|_| faults.push(("case", "ask-fault-case")));
        if self.text.len() > CONTACT_TEXT_BYTES {
            faults.push(("text", "ask-fault-long"));
        }
        let (Ok(agency), Ok(budget), Ok(minutes_asked), Ok(case), true) =
            (agency, budget, minutes, case, faults.is_empty())
        else {
            return Err(faults);
        };
        Ok(ContactWish {
            project,
            kind: self.kind.parse().unwrap_or_default(),
            topic: self.topic.parse().unwrap_or_default(),
            case,
            text: self.text.replace("\r\n", "\n"),
            brings: Brings {
                patch: some(&self.patch),
                reproduction: some(&self.reproduction).map(|text| text.replace("\r\n", "\n")),
                budget_cents: budget.map(Money::cents),
            },
            agency,
            author_name: self.author.trim().to_owned(),
            complaints: self.complaints.trim().to_owned(),
            assistance: self.assistance.parse().ok(),
            minutes_asked,
            ..ContactWish::default()
        })
    }

    /// Thanks with the true sentence: how many services rely on the project.
    fn thanks(&self, wish: &ContactWish) -> Option<ThankWish> {
        let is_asked = wish.kind == RequestKind::Thanks && !self.numbers.is_empty();
        is_asked.then(|| ThankWish {
            project: wish.project.clone(),
            words: wish.text.clone(),
            named: Vec::new(),
            author_name: wish.author_name.clone(),
            agency: wish.agency.clone(),
            complaints: wish.complaints.clone(),
            assistance: wish.assistance,
        })
    }
}

/// A project that was looked at.
struct Looked {
    key: String,
    card: Card,
    open: Vec<ConversationRow>,
    /// Names of agencies that agreed to be named or counted towards it, for who ranks.
    agreed: Vec<String>,
}

#[derive(Template)]
#[template(path = "engagement_new.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    form: Form,
    looked: Option<Looked>,
    may_ask: bool,
    /// Whether the sentence with the numbers of the ranking is for the reader.
    ranks: bool,
    kinds: Vec<&'static str>,
    topics: Vec<&'static str>,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Form>) -> Answer {
    let form = Form { project: asked.project, kind: asked.kind, case: asked.case, ..Form::of(&person) };
    shown(&house, &person, form, Notice::default()).await
}

/// Has a request judged.
pub async fn ask(State(house): State<Arc<WebHouse>>, person: Person, Sent(form): Sent<Form>) -> Answer {
    person.check(&form.form_token)?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let frame = engagement_view::frame(&person.visitor, "/engagements/new".to_owned(), String::new());
    let key = match seat.desk.project_key(&form.project) {
        Ok(key) => key,
        Err(error) => return shown(&house, &person, form, unknown_project(&frame, &error)).await,
    };
    let wish = match form.wish(&seat.desk, key) {
        Ok(wish) => wish,
        Err(faults) => {
            let told = |(field, key): (&'static str, &'static str)| Fault { field, told: frame.t(key).into() };
            let faults = faults.into_iter().map(told).collect();
            return shown(&house, &person, form, Notice { faults, ..Notice::default() }).await;
        }
    };
    match asked(&house, &person, &seat, &form, wish).await {
        Ok(row) => Ok(Redirect::to(&format!("/engagements/requests/{}?done=asked", row.request)).into_response()),
        Err(error) if error.code == "unknown-disclosure" => {
            let notice = Notice::fault("case", frame.t("ask-fault-case"));
            shown(&house, &person, form, notice).await
        }
        Err(error) => {
            let notice = refusal(&frame, error)?;
            shown(&house, &person, form, notice).await
        }
    }
}

async fn asked(
    house: &WebHouse,
    person: &Person,
    seat: &Seat,
    form: &Form,
    wish: ContactWish,
) -> Result<ContactRow, OfficeError> {
    let author = author(house, person).await?;
    match form.thanks(&wish) {
        Some(mut thanks) => {
            let ranking = seat.ranking().await?;
            if !form.names.is_empty() {
                let key = ranking.key_of(&thanks.project)?;
                thanks.named = house.house.relying(&seat.desk, &ranking, &key).await?.into_keys().collect();
            }
            house.house.thank(&author, &seat.desk, &ranking, thanks).await
        }
        None => house.house.contact(&author, wish).await,
    }
}

fn unknown_project(frame: &Frame, error: &OfficeError) -> Notice {
    match error.code {
        "ambiguous-name" => Notice::fault("project", crate::forms::Told::by_the_office(error)),
        _ => Notice::fault("project", frame.t("ask-fault-project")),
    }
}

async fn shown(house: &WebHouse, person: &Person, form: Form, mut notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let status = if notice.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let seat = house.seat(&visitor.viewer(), None).await?;
    let mut frame = engagement_view::frame(visitor, "/engagements/new".to_owned(), String::new());
    frame.title = frame.t("engagements-ask");
    let mut looked = None;
    if !form.project.trim().is_empty() {
        match seat.desk.project_key(&form.project) {
            Ok(key) => looked = Some(look(house, &seat, (&frame, visitor), key).await?),
            Err(error) if ["not-found", "ambiguous-name"].contains(&error.code) => {
                notice = unknown_project(&frame, &error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let headline = match &looked {
        Some(looked) => frame.say("ask-headline", "project", &looked.key),
        None => frame.t("ask-headline-none"),
    };
    let may_ask = frame.decides(visitor);
    let ranks = speaks(visitor, &seat.desk);
    let kinds = KINDS.iter().map(|kind| kind.as_str()).collect();
    let topics = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let page = html(&Page { frame, notice, headline, form, looked, may_ask, ranks, kinds, topics })?;
    Ok((status, page).into_response())
}

/// How a project wants to be approached, and the open conversations with it that the reader may see.
async fn look(
    house: &WebHouse,
    seat: &Seat,
    (frame, visitor): (&Frame, &Visitor),
    key: String,
) -> Result<Looked, WebError> {
    let told = house.house.told_facts_for(&seat.desk, &key).await?;
    let mut open = house.house.conversations(&seat.desk).await?.rows;
    open.retain(|row| row.project == key && row.ended.is_none());
    let mut agreed = Vec::new();
    if speaks(visitor, &seat.desk) {
        let all = house.house.agreed(&key, seat.desk.overview().as_of).await?;
        agreed = all.iter().filter_map(|id| seat.desk.agency(id)).map(|agency| agency.name.clone()).collect();
    }
    Ok(Looked { card: Card::of(frame, &told.facts, &told.sources), open, agreed, key })
}
