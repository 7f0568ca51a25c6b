// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's compass: mandate, roles, guidelines, consultations, the report of a year.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::compass::{
    AnnualReport, AnswerVerdict, CommentGround, CommentId, ConsultationClosing, ConsultationId, HeardGroup, Mandate,
    NewConsultation, OfficeRole, RoleState, RoleStep, RoleSwitch, SoftwareStage,
};
use underpin_model::people::Act;
use underpin_office::compass::ConsultationChange;
use underpin_office::compass::consultations::{ConsultationAnswer, ConsultationsAnswer};
use underpin_office::compass::guidelines::GuidelinesAnswer;
use underpin_office::compass::mandate::MandateAnswer;
use underpin_office::compass::roles::RolesAnswer;

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/mandate" mandate Office "The office's mandate: law, place, agreements, posts, money, skills")
            .timed()
            .gives::<MandateAnswer>(),
        endpoint!(POST "/mandate" set_mandate Office "Writes the whole card down; what is left out is not known")
            .act(Act::Lead)
            .sends::<Mandate>()
            .gives::<MandateAnswer>(),
        endpoint!(GET "/roles" roles Office "Roles of the office: how each stands, what it rests on, what comes next")
            .timed()
            .gives::<RolesAnswer>(),
        endpoint!(POST "/roles/steps" switch_role Office "Switches a role, a measure, or a stage of one")
            .act(Act::Approve)
            .makes()
            .sends::<Switching>()
            .gives::<Switched>(),
        endpoint!(GET "/guidelines" guidelines Office "How the office behaves towards those who make open source, in numbers")
            .timed()
            .gives::<GuidelinesAnswer>(),
        endpoint!(GET "/consultations" consultations Office "What is put to everybody, and how it stands")
            .paged()
            .gives::<Paged<ConsultationsAnswer>>(),
        endpoint!(GET "/consultations/{consultation}" consultation Office "One consultation, with its comments and answers")
            .timed()
            .gives::<ConsultationAnswer>(),
        endpoint!(POST "/consultations" draft_consultation Office "Writes down what is to be put to everybody")
            .act(Act::Lead)
            .makes()
            .sends::<NewConsultation>()
            .gives::<ConsultationChanged>(),
        endpoint!(POST "/consultations/{consultation}/changes" change_consultation Office "Publishes, looks at comments, answers them, closes")
            .act(Act::Lead)
            .sends::<ConsultationAct>()
            .gives::<ConsultationChanged>(),
        endpoint!(GET "/annual-report" annual_report Office "What the office did in a year, in numbers with their questions")
            .asks::<AnnualAsked>()
            .timed()
            .gives::<AnnualReport>(),
    ]
}

/// A switch of a role.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRoleStep")]
struct Switching {
    /// The role.
    role: OfficeRole,
    /// A measure of it; none for the role as a whole.
    measure: Option<String>,
    /// A stage of the measure; none for all.
    stage: Option<SoftwareStage>,
    /// How it stands then.
    state: RoleState,
    /// From when on; now when left out.
    from: Option<Timestamp>,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
    /// The consultation that led there, as `U3`.
    consultation: Option<String>,
    /// Why there was no time to hear anybody, in words that everybody reads.
    exception: Option<String>,
}

/// A step that was taken.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RoleSwitched")]
struct Switched {
    /// Its number.
    step: i64,
}

/// A consultation that was drafted or changed.
#[derive(Serialize, JsonSchema)]
struct ConsultationChanged {
    /// Number, as `U3`.
    consultation: String,
}

/// What is done in a consultation.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Doing {
    /// Everybody can read it from now on.
    Publish,
    /// A comment is shown.
    Show,
    /// A comment is not shown, for a ground.
    Hide,
    /// A comment is answered, with a verdict and a reason.
    Answer,
    /// The words of a comment are taken out for its author.
    Withdraw,
    /// It is closed, with what changed.
    Close,
}

/// What is done, and what that needs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConsultationAct {
    /// What.
    act: Doing,
    /// The comment, as `M12`.
    comment: Option<String>,
    /// Why a comment is not shown.
    ground: Option<CommentGround>,
    /// What becomes of a comment.
    verdict: Option<AnswerVerdict>,
    /// Why.
    reason: Option<String>,
    /// What changed by the consultation.
    changed: Option<String>,
    /// Who was heard besides the comments.
    #[serde(default)]
    heard: Vec<HeardGroup>,
}

impl ConsultationAct {
    fn change(self) -> Result<ConsultationChange, Problem> {
        let needs =
            |what: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail(format!("it needs {what}"));
        let comment = || -> Result<CommentId, Problem> {
            let text = self.comment.as_deref().ok_or_else(|| needs("a comment"))?;
            text.parse().map_err(|_| needs("a comment such as M12"))
        };
        Ok(match self.act {
            Doing::Publish => ConsultationChange::Publish,
            Doing::Show => ConsultationChange::Show { comment: comment()? },
            Doing::Hide => {
                ConsultationChange::Hide { comment: comment()?, ground: self.ground.ok_or_else(|| needs("a ground"))? }
            }
            Doing::Withdraw => ConsultationChange::Withdraw { comment: comment()? },
            Doing::Answer => ConsultationChange::Answer {
                comment: comment()?,
                verdict: self.verdict.ok_or_else(|| needs("a verdict"))?,
                reason: self.reason.clone().ok_or_else(|| needs("a reason"))?,
            },
            Doing::Close => ConsultationChange::Close {
                closing: ConsultationClosing {
                    changed: self.changed.clone().ok_or_else(|| needs("what changed"))?,
                    heard: self.heard.clone(),
                },
            },
        })
    }
}

/// What is asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnnualAsked {
    /// The year; with `as-of` that of the moment.
    #[schemars(range(min = 1970, max = 9999))]
    year: u16,
}

async fn mandate(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.mandate(&seat.desk).await?)
}

async fn set_mandate(call: Call) -> Result<Reply, Problem> {
    let card: Mandate = call.sent()?;
    call.house.house.set_mandate(&call.author().await?, &card).await?;
    let seat = call.seat().await?;
    call.say(&call.house.house.mandate(&seat.desk).await?)
}

async fn roles(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.roles(&seat.desk).await?)
}

async fn switch_role(call: Call) -> Result<Reply, Problem> {
    let sent: Switching = call.sent()?;
    let author = call.author().await?;
    let id = |text: String| {
        text.parse::<ConsultationId>()
            .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail(error))
    };
    let step = RoleStep {
        switch: RoleSwitch { role: sent.role, measure: sent.measure, stage: sent.stage },
        state: sent.state,
        from: sent.from.unwrap_or(author.at),
        reason: sent.reason,
        consultation: sent.consultation.map(id).transpose()?,
        exception: sent.exception,
    };
    call.say(&Switched { step: call.house.house.take_role_step(&author, &step).await? })
}

async fn guidelines(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.guidelines(&seat.desk).await?)
}

async fn consultations(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.consultations(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn consultation(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let found = call.house.house.consultation(&seat.desk, call.number("consultation")?).await?;
    call.give(&seat, &found)
}

async fn draft_consultation(call: Call) -> Result<Reply, Problem> {
    let sent: NewConsultation = call.sent()?;
    let id = call.house.house.draft_consultation(&call.author().await?, &sent.into()).await?;
    let reply = Reply::json(StatusCode::CREATED, &ConsultationChanged { consultation: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/consultations/{id}")))
}

async fn change_consultation(call: Call) -> Result<Reply, Problem> {
    let what = call.sent::<ConsultationAct>()?.change()?;
    let id: ConsultationId = call.number("consultation")?;
    call.house.house.change_consultation(&call.author().await?, id, &what).await?;
    call.say(&ConsultationChanged { consultation: id.to_string() })
}

async fn annual_report(call: Call) -> Result<Reply, Problem> {
    let AnnualAsked { year } = call.asked()?;
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.annual_report(&seat.desk, year).await?)
}
