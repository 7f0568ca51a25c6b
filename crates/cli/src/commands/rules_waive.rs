// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use serde_json::{Value, json};
use underpin_model::Timestamp;
use underpin_model::registry::Classification;
use underpin_model::waivers::{WaiverChange, WaiverId, WaiverState};
use underpin_office::regulator::{WaiverQuery, WaiverRow, WaiverWish, WaiversAnswer};
use underpin_office::{House, OfficeError, Result};
use underpin_render::{Language, text};

use super::coverage::snapshot_line;
use super::own_rules::OwnRules;
use super::rules_check::meant;
use crate::context::Context;
use crate::output::{Answer, counted, dash, print};

#[derive(Debug, clap::Args)]
pub struct Waive {
    /// The rule, as `rules list` shows it
    #[arg(value_name = "RULEBOOK/RULE")]
    rule: String,
    #[command(flatten)]
    own: OwnRules,
    /// Who or what need not keep it: a system, agency, package URL or repository, as `rules check` names it
    #[arg(long, value_name = "SUBJECT")]
    subject: String,
    /// Of what several agencies have, the agency for which it holds
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// The first day [default: today]
    #[arg(long, value_name = "DAY")]
    from: Option<Timestamp>,
    /// The last day
    #[arg(long, value_name = "DAY")]
    until: Timestamp,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// What guards meanwhile
    #[arg(long, value_name = "TEXT")]
    compensation: String,
    /// Up to whom it may be seen: public, internal, restricted, confidential, secret
    #[arg(long, value_name = "LEVEL", default_value = "internal")]
    classification: Classification,
}

#[derive(Debug, clap::Args)]
pub struct Waivers {
    /// Those of a rulebook, or of one of its rules [default: all]
    #[arg(value_name = "RULEBOOK | RULEBOOK/RULE")]
    rule: Option<String>,
    /// Those that stand so: asked-for, not-begun, holds, ran-out, lapsed, refused or withdrawn
    #[arg(long, value_name = "STATE")]
    state: Option<WaiverState>,
    /// Only an agency, with everything below it
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// In German
    #[arg(long)]
    german: bool,
}

#[derive(Debug, clap::Args)]
pub struct Grant {
    /// Waiver, such as W12
    waiver: WaiverId,
    /// On which condition
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

/// What needs a reason.
#[derive(Debug, clap::Args)]
pub struct WithReason {
    /// Waiver, such as W12
    waiver: WaiverId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Waive {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("ask for a waiver")?;
        let (books, rule) = meant(Some(&self.rule), &self.own, context)?;
        let (Some(book), Some(rule)) = (books.first(), rule) else {
            return Err(OfficeError::new("no-rule", format!("{:?} names no rule", self.rule))
                .hint("`underpin rules list` shows all, as RULEBOOK/RULE"));
        };
        let house = context.existing().await?;
        let wish = WaiverWish {
            rule,
            about: self.subject,
            agency: self.agency,
            from: self.from,
            until: self.until,
            reason: self.reason,
            compensation: self.compensation,
            classification: self.classification,
        };
        let id = house.propose_waiver(&context.author(&house).await?, book, wish).await?;
        shown(context, &house, id).await
    }
}

impl Grant {
    pub async fn run(self, context: &Context) -> Result<bool> {
        change(context, self.waiver, WaiverChange::Grant { note: self.note }).await
    }
}

impl WithReason {
    pub async fn refuse(self, context: &Context) -> Result<bool> {
        change(context, self.waiver, WaiverChange::Refuse { reason: self.reason }).await
    }

    pub async fn withdraw(self, context: &Context) -> Result<bool> {
        change(context, self.waiver, WaiverChange::Withdraw { reason: self.reason }).await
    }
}

async fn change(context: &Context, id: WaiverId, what: WaiverChange) -> Result<bool> {
    context.known("decide about a waiver")?;
    let house = context.existing().await?;
    house.change_waiver(&context.author(&house).await?, id, what).await?;
    shown(context, &house, id).await
}

/// One waiver as it stands now.
async fn shown(context: &Context, house: &House, id: WaiverId) -> Result<bool> {
    let found = house.waivers(&context.desk_at(house, None).await?, &WaiverQuery::default()).await?;
    let name = id.to_string();
    let row = found.rows.iter().find(|row| row.waiver == name);
    let row = row.ok_or_else(|| OfficeError::new("unknown-waiver", format!("there is no waiver {id}")))?;
    let of_whom = if row.agency_name.is_empty() { String::new() } else { format!(" ({})", row.agency_name) };
    let mut head = vec![
        format!("{}: {}/{} for {}{of_whom}", row.waiver, row.rulebook, row.rule, row.about_name),
        format!("{} to {}: {}", row.from, row.until, row.standing(Language::English)),
        format!("Why: {}", row.reason),
        format!("Meanwhile: {}", row.compensation),
        format!("Asked for by {}; the {} grants it.", row.proposed_by, row.granter.as_str()),
    ];
    head.extend(row.answered_by.as_ref().map(|by| {
        let words = row.answer.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
        format!("Answered by {by}{words}")
    }));
    head.extend(row.withdrawn_because.as_ref().map(|why| format!("Withdrawn: {why}")));
    let mut answer = Answer::said(head, json!(row));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    print(&answer, context.printing())?;
    Ok(false)
}

impl Waivers {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("see waivers")?;
        let house = context.existing().await?;
        let query = WaiverQuery { rule: self.rule, state: self.state, agency: self.agency };
        let found = house.waivers(&context.desk(&house).await?, &query).await?;
        print(&listed(&found, if self.german { Language::German } else { Language::English }), context.printing())?;
        Ok(false)
    }
}

fn listed(found: &WaiversAnswer, language: Language) -> Answer {
    let row = |row: &WaiverRow| {
        vec![
            row.waiver.clone(),
            format!("{}/{}", row.rulebook, row.rule),
            row.about.clone(),
            dash(&row.agency_name),
            row.from.clone(),
            row.until.clone(),
            row.standing(language),
            row.proposed_by.clone(),
            dash(row.answered_by.as_deref().unwrap_or_default()),
            row.reason.clone(),
            row.compensation.clone(),
        ]
    };
    let heads = [
        "waiver",
        "rules-rule",
        "waiver-about",
        "agency",
        "waiver-from",
        "waiver-until",
        "waiver-state",
        "waiver-proposed-by",
        "waiver-answered-by",
        "waiver-reason",
        "waiver-compensation",
    ];
    let json = json!(found);
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_else(Vec::<Value>::new),
        json,
        fields: WaiverRow::FIELDS,
        head: vec![format!("{}.", counted(found.rows.len() as u64, "waiver", "waivers"))],
        columns: heads.iter().map(|key| text(language, key, &[])).collect(),
        cells: found.rows.iter().map(row).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
    }
}
