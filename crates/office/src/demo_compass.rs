// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The compass of Norvania's office: a mandate with one thing unknown, a consultation that led to a measure, and one that is open now.

use underpin_ledger::ConsultationChange;
use underpin_model::compass::{
    Agreement, AnswerVerdict, CommentGround, CommentId, Consultation, ConsultationClosing, ConsultationId, HeardGroup,
    HeardKind, Mandate, NewComment, OfficePlace, OfficeRole, RoleState, RoleStep, RoleSwitch,
};
use underpin_model::engagement::TextDigest;
use underpin_model::{Timestamp, Viewer};

use crate::coordinator::Author;
use crate::demo::moment;
use crate::error::Result;
use crate::house::House;

fn officer(at: Timestamp) -> Author {
    Author { actor: "mira.halden".to_owned(), viewer: Viewer::Operator, at }
}

/// Writes it down, up to `now`.
pub(crate) async fn compass(house: &House, now: Timestamp) -> Result<()> {
    let written = moment("2026-01-05T09:00:00Z")?;
    let agreement = |agency: &str, about: &str| Agreement {
        agency: agency.into(),
        since: written,
        about: format!("Fiction of the demo: {about}"),
    };
    let card = Mandate {
        legal_basis: Some("Fiction of the demo: Act on the Care of Public Software, section 4".to_owned()),
        place: Some(OfficePlace::Standalone),
        host: Some("National Cyber Agency of Norvania".to_owned()),
        posts_tenths: Some(50),
        budget_cents: Some(120_000_000),
        budget_year: Some(2026),
        agreements: vec![
            agreement("tax-administration", "a bill of materials with each release"),
            agreement("treasury", "patches are given back within a month"),
        ],
        ..Mandate::default()
    };
    house.set_mandate(&officer(written), &card).await?;
    pooled(house).await?;
    deliveries(house, now).await
}

/// What was heard before agencies pay together, and what it led to.
async fn pooled(house: &House) -> Result<()> {
    let one = Consultation {
        title_de: "Behörden zahlen gemeinsam".to_owned(),
        title_en: "Agencies pay together".to_owned(),
        text_de: "Fiktion der Demo: Stützen sich mehrere Behörden auf ein Projekt, sollen sie es gemeinsam fördern, jede nach dem, wie sehr sie sich darauf stützt.\nDas Projekt hat einen Vertrag und einen Menschen als Gegenüber.".to_owned(),
        text_en: "Fiction of the demo: where several agencies lean on a project, they are to support it together, each by how much it leans on it.\nThe project has one contract and one person to talk to.".to_owned(),
        question_de: "Hilft das Projekten, oder macht es mehr Arbeit?".to_owned(),
        question_en: "Does that help projects, or does it make more work?".to_owned(),
        about: switch(OfficeRole::Supporter, "pooled-fund"),
        proposed: RoleState::Active,
        from: moment("2026-01-07T00:00:00Z")?,
        until: moment("2026-01-28T00:00:00Z")?,
    };
    let id = house.draft_consultation(&officer(moment("2026-01-06T09:00:00Z")?), &one).await?;
    let at = moment("2026-01-06T15:00:00Z")?;
    house.change_consultation(&officer(at), id, &ConsultationChange::Publish).await?;
    let said = [
        (
            "2026-01-09T10:00:00Z",
            "One contract is good. One report a year is enough, please, not one for each ministry.",
            "",
        ),
        ("2026-01-12T18:30:00Z", "Our product answers all of this. Book a call!", ""),
        ("2026-01-20T08:15:00Z", "Tell us before you begin who decides when agencies disagree.", "A maintainer"),
    ];
    let mut taken = Vec::new();
    for (when, words, name) in said {
        taken.push(comment(house, id, (moment(when)?, words, name)).await?);
    }
    let looked = officer(moment("2026-01-21T09:00:00Z")?);
    let hide = ConsultationChange::Hide { comment: taken[1], ground: CommentGround::Advertising };
    for what in [ConsultationChange::Show { comment: taken[0] }, hide, ConsultationChange::Show { comment: taken[2] }] {
        house.change_consultation(&looked, id, &what).await?;
    }
    let answered = officer(moment("2026-01-30T11:00:00Z")?);
    for (comment, verdict, reason) in [
        (
            taken[0],
            AnswerVerdict::Accepted,
            "There is one report a year, and the office writes it together with the project.",
        ),
        (
            taken[2],
            AnswerVerdict::Partly,
            "The office decides within a week; its reasons are public. A vote of agencies is left out, as it takes too long.",
        ),
    ] {
        let what = ConsultationChange::Answer { comment, verdict, reason: reason.to_owned() };
        house.change_consultation(&answered, id, &what).await?;
    }
    let heard =
        vec![HeardGroup { kind: HeardKind::Agencies, count: 6 }, HeardGroup { kind: HeardKind::Maintainers, count: 3 }];
    let changed =
        "One report a year instead of one for each agency; the office decides where agencies disagree.".to_owned();
    let close = ConsultationChange::Close { closing: ConsultationClosing { changed, heard } };
    let closed = moment("2026-02-02T09:00:00Z")?;
    house.change_consultation(&officer(closed), id, &close).await?;
    let step = RoleStep {
        switch: one.about,
        state: RoleState::Active,
        from: moment("2026-02-03T00:00:00Z")?,
        reason: "Fiction of the demo: every ministry logs with the same library".to_owned(),
        consultation: Some(id),
        exception: None,
    };
    house.take_role_step(&officer(closed), &step).await?;
    Ok(())
}

/// What is put to everybody now.
async fn deliveries(house: &House, now: Timestamp) -> Result<()> {
    let one = Consultation {
        title_de: "Lieferungen an Regeln messen".to_owned(),
        title_en: "Holding deliveries against rules".to_owned(),
        text_de: "Fiktion der Demo: Stücklisten, die Lieferanten mitschicken, sollen an öffentlichen Regeln gemessen werden.\nProjekte, die niemandem etwas verkaufen, werden nie danach gefragt.".to_owned(),
        text_en: "Fiction of the demo: bills of materials that suppliers hand in are to be held against public rules.\nProjects that sell nothing to anybody are never asked for one.".to_owned(),
        question_de: "Welche Regel wäre für Sie zu streng?".to_owned(),
        question_en: "Which rule would be too strict for you?".to_owned(),
        about: switch(OfficeRole::Regulator, "delivery-acceptance"),
        proposed: RoleState::Active,
        from: moment("2026-02-20T00:00:00Z")?,
        until: moment("2026-03-20T00:00:00Z")?,
    };
    let drafted = officer(moment("2026-02-18T09:00:00Z")?);
    let id = house.draft_consultation(&drafted, &one).await?;
    house.change_consultation(&officer(moment("2026-02-19T09:00:00Z")?), id, &ConsultationChange::Publish).await?;
    let (first, second) = (moment("2026-02-23T12:00:00Z")?, moment("2026-02-28T20:45:00Z")?);
    let shown =
        comment(house, id, (first, "A hash of each file is hard for small suppliers. Give them a year.", "")).await?;
    comment(house, id, (second, "Please say which tools make a list that passes.", "")).await?;
    house.change_consultation(&officer(now), id, &ConsultationChange::Show { comment: shown }).await?;
    Ok(())
}

fn switch(role: OfficeRole, measure: &str) -> RoleSwitch {
    RoleSwitch { role, measure: Some(measure.to_owned()), stage: None }
}

/// What somebody of the fiction said, whatever the settings say of the public.
async fn comment(house: &House, id: ConsultationId, (at, words, name): (Timestamp, &str, &str)) -> Result<CommentId> {
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    let new = NewComment { words: words.to_owned(), shows_name: name.is_some(), name };
    let key = TextDigest::of(words).to_string();
    Ok(house.ledger.writer("public", Viewer::Operator).take_comment(at, id, &new, (key.as_str(), key.as_str())).await?)
}
