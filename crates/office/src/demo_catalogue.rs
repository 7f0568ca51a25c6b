// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue of Norvania: repositories that do not exist, of agencies that do not exist, with results that nobody measured. Two
//! agencies have built the same, somebody has answered what no program can judge, and one reason not to publish is due for review.

use underpin_ledger::{LookedAt, RepositoryChange};
use underpin_model::Viewer;
use underpin_model::catalogue::{
    Declared, Exemption, ExemptionGround, KeptPlace, KeptPractice, RepositoryLook, Visibility,
};
use underpin_model::practices::{FaultCode, Obstacle, Outcome, Pack};
use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::self_assessment::{SelfAnswer, SelfAssessment};

use crate::coordinator::Author;
use crate::demo::moment;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::role_model::check::{practices, standard};

/// The repository for which somebody has answered.
const FORMS: &str = "git.norvania.example/digital-service/forms";
/// Fiction: what was said of it. One answer contradicts what the program found.
const SAID: &[(&str, SelfAnswer, &str, Option<&str>)] = &[
    (
        "code-in-the-open-1",
        SelfAnswer::Met,
        "What runs is built from this repository, and from nothing else.",
        Some("https://git.norvania.example/digital-service/forms/releases"),
    ),
    ("bundle-policy-and-source-code-2", SelfAnswer::DoesNotApply, "No rule is made from this code.", None),
    ("make-the-codebase-reusable-and-portable-1", SelfAnswer::Met, "Two agencies run it with other settings.", None),
    ("use-continuous-integration-1", SelfAnswer::NotMet, "Payments have no tests of their own yet.", None),
    ("document-codebase-maturity-4", SelfAnswer::Met, "Each release has notes on its page.", None),
];
/// Fiction: one repository a line.
const REPOSITORIES: &str = include_str!("../../../demo/repositories.jsonl");

#[derive(serde::Deserialize)]
struct Line {
    agency: AgencyId,
    address: String,
    visibility: Visibility,
    publishes_scorecard: bool,
    systems: Vec<SystemId>,
    declared: Declared,
    look: RepositoryLook,
    /// Practices that are met.
    met: Vec<String>,
    /// Practices that are not: name, place, fault.
    not_met: Vec<(String, String, FaultCode)>,
}

/// Writes it down.
pub(crate) async fn catalogue(house: &House, author: &Author) -> Result<()> {
    let read = |line: &str| serde_json::from_str(line).map_err(|error| OfficeError::new("demo", error.to_string()));
    let lines: Vec<Line> = REPOSITORIES.lines().map(read).collect::<Result<_>>()?;
    let writer = house.ledger.writer(&author.actor, Viewer::Operator);
    let looks = lines.iter().map(|line| LookedAt {
        agency: line.agency.clone(),
        address: line.address.clone(),
        visibility: Some(line.visibility),
        declared: line.declared.clone(),
        look: Some(RepositoryLook { practices: judged(line), ..line.look.clone() }),
        ..LookedAt::default()
    });
    writer.take_repositories(author.at, looks.collect()).await?;
    for line in &lines {
        let of = (&line.agency, line.address.as_str());
        if line.publishes_scorecard {
            writer.change_repository(author.at, of, RepositoryChange::PublishScorecard(true)).await?;
        }
        for system in &line.systems {
            writer.change_repository(author.at, of, RepositoryChange::Link(system.clone())).await?;
        }
    }
    for (requirement, answer, reason, evidence) in SAID {
        let evidence = evidence.map(str::to_owned);
        let said = SelfAssessment { answer: *answer, reason: (*reason).to_owned(), evidence };
        house.assess(author, (FORMS, None), vec![((*requirement).to_owned(), said)]).await?;
    }
    for (agency, name, exemption) in exemptions()? {
        writer.note_exemption(author.at, (&AgencyId(agency.to_owned()), name), exemption).await?;
    }
    Ok(())
}

/// The practices that the line names, and those about files that are not there.
fn judged(line: &Line) -> Vec<KeptPractice> {
    let of = |practice: &'static underpin_assess::practices::Practice| {
        let source = standard(practice.pack);
        let fault = line.not_met.iter().find(|(name, ..)| name == practice.id);
        let (outcome, obstacle) = match fault {
            Some(_) => (Outcome::NotMet, None),
            None if line.met.iter().any(|name| name == practice.id) => (Outcome::Met, None),
            None => (Outcome::NotAssessed, Some(Obstacle::NoFile)),
        };
        let place = |(_, place, code): &(String, String, FaultCode)| KeptPlace {
            place: place.clone(),
            code: *code,
            detail: match code {
                FaultCode::OldVersion => "0.3".to_owned(),
                FaultCode::LicenceUnused => "MIT".to_owned(),
                _ => String::new(),
            },
        };
        KeptPractice {
            pack: practice.pack,
            practice: practice.id.to_owned(),
            version: practice.version,
            standard: format!("{} {}", source.title, source.version),
            rule: practice.rule.to_owned(),
            outcome,
            obstacle,
            places: fault.iter().map(|fault| place(fault)).collect(),
            more_places: 0,
        }
    };
    let is_named = |practice: &&'static underpin_assess::practices::Practice| {
        let named = line.not_met.iter().map(|(name, ..)| name).chain(&line.met).any(|name| name == practice.id);
        named || matches!(practice.pack, Pack::SecurityTxt | Pack::SecurityInsights)
    };
    practices(&[]).filter(is_named).map(of).collect()
}

fn exemptions() -> Result<Vec<(&'static str, &'static str, Exemption)>> {
    let calculator = Exemption {
        title: "Tax calculator: the rules of the coming year".to_owned(),
        address: Some("git.norvania.example/tax/calculator".to_owned()),
        ground: ExemptionGround::Other,
        law: "Norvania, Act on Open Software, section 4 (fiction)".to_owned(),
        text: "Parliament decides about the rules in April; they are published with the act.".to_owned(),
        review: moment("2026-03-20T00:00:00Z")?,
        classification: Classification::Public,
        ended: None,
    };
    let laboratory = Exemption {
        title: "Laboratory messages".to_owned(),
        address: Some("git.norvania.example/health/lab-messages".to_owned()),
        ground: ExemptionGround::EmbagThirdParties,
        law: "Norvania, Act on Open Software, section 6 (fiction)".to_owned(),
        text: "Parts belong to a supplier; the contract ended with the year.".to_owned(),
        review: moment("2026-01-31T00:00:00Z")?,
        classification: Classification::Internal,
        ended: None,
    };
    Ok(vec![("tax-administration", "calculator-rules", calculator), ("health-institute", "lab-messages", laboratory)])
}
