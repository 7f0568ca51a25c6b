// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How conversations with projects, requests and drafts are written.

use underpin_office::supporter::ToldFacts;
use underpin_office::supporter::contact::{ContactRow, DraftRow, HandedOut};
use underpin_office::supporter::conversations::{BurdenRow, ConversationAnswer, ConversationRow, ConversationsAnswer};

use super::coverage::snapshot_line;
use crate::output::{Answer, columns, counted, dash, truth};

const FIELDS: [&str; 13] = [
    "conversation",
    "project",
    "topic",
    "case",
    "state",
    "ended",
    "next",
    "next_from",
    "owed",
    "requests",
    "agencies",
    "opened",
    "is_whole",
];

/// A request with what the gate said.
pub fn request(row: &ContactRow) -> Answer {
    let mut head = vec![request_line(row)];
    head.extend(why_not(row).into_iter().map(|line| format!("  {line}")));
    if let Some(draft) = &row.draft {
        head.extend(draft_lines(draft));
        let next = if draft.approved_by.is_empty() {
            format!("next: another person reads it and runs underpin contact approve {}", row.request)
        } else {
            format!("next: underpin contact hand-out {}", row.request)
        };
        head.push(next);
    }
    Answer::said(head, serde_json::to_value(row).unwrap_or_default())
}

fn request_line(row: &ContactRow) -> String {
    let says = &row.says;
    let conversation = row.conversation.as_deref().unwrap_or("no conversation");
    let what = match says.verdict {
        "merged" => format!("merged into {conversation}; the project is not asked again"),
        "drafted" => format!("a draft in {conversation}"),
        "refused" => format!("refused: {}", says.reason.map_or("", |reason| reason.as_str())),
        _ => "noted: taking part like anyone else is free".to_owned(),
    };
    format!("{}: {} to {} by {} ({what}).", row.request, row.kind.as_str(), row.project, row.agency)
}

/// The rule, why, and what first.
fn why_not(row: &ContactRow) -> Vec<String> {
    let says = &row.says;
    let mut lines = Vec::new();
    if let (Some(rule), Some(sentence)) = (says.rule, says.rule_says) {
        lines.push(format!("rule {rule}: {sentence}"));
    }
    lines.extend(says.first.map(|first| format!("first: {first}")));
    lines.extend(says.until.map(|until| format!("until: {until}")));
    lines.extend(says.same_as.as_ref().map(|same| format!("{same} says the same already")));
    lines
}

fn draft_lines(draft: &DraftRow) -> Vec<String> {
    let address = draft.address.as_deref().unwrap_or("the national CERT, which the office chooses");
    let mut lines = vec![format!("  through {} ({address})", draft.channel.as_str()), format!("  {}", draft.digest)];
    lines.extend(draft.text.lines().map(|line| format!("  | {line}")));
    lines.extend(draft.advice.iter().map(|advice| format!("  think about: {advice}")));
    if !draft.approved_by.is_empty() {
        lines.push(format!("  approved by {}", draft.approved_by.join(", ")));
    }
    lines.extend(draft.handed_out.map(|at| format!("  handed out on {}", at.date())));
    lines
}

/// Words that a person may take along.
pub fn handed_out(found: &HandedOut) -> Answer {
    let address = found.draft.address.as_deref().unwrap_or("the national CERT, which the office chooses");
    let mut head = vec![
        format!("To {} through {}: {address}", found.project, found.draft.channel.as_str()),
        format!("Approved by {}; nothing was sent.", found.draft.approved_by.join(", ")),
        String::new(),
    ];
    head.extend(found.draft.text.lines().map(str::to_owned));
    Answer::said(head, serde_json::to_value(found).unwrap_or_default())
}

/// All conversations.
pub fn list(found: &ConversationsAnswer) -> Answer {
    let mut answer = Answer {
        json: serde_json::to_value(found).unwrap_or_default(),
        fields: &FIELDS,
        columns: columns(&[
            "Conversation",
            "Project",
            "Topic",
            "State",
            "Next",
            "Requests",
            "Agencies",
            "Opened",
            "Owed",
        ]),
        head: vec![format!("{}.", counted(found.rows.len() as u64, "conversation", "conversations"))],
        ..Answer::default()
    };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.cells = found.rows.iter().map(cells).collect();
    for row in &found.apart {
        answer.notes.push(request_line(row));
        answer.notes.extend(why_not(row).into_iter().map(|line| format!("  {line}")));
    }
    answer.notes.extend(found.burden.iter().map(burden_line));
    let ratings = &found.ratings;
    if ratings.rated > 0 {
        answer.notes.push(format!(
            "{} of {} ended conversations were rated: worth the time {} yes, {} no; hear from us again {} yes, {} no",
            ratings.rated, ratings.ended, ratings.worth_yes, ratings.worth_no, ratings.again_yes, ratings.again_no
        ));
    }
    answer.notes.extend(match (found.silence_days, found.silence_days_least) {
        (Some(days), _) => Some(format!("half of the projects answer within {}", counted_days(days))),
        (None, Some(days)) => Some(format!("half of the waits for an answer last at least {}", counted_days(days))),
        (None, None) => None,
    });
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn counted_days(days: i64) -> String {
    counted(days.unsigned_abs(), "day", "days")
}

fn cells(row: &ConversationRow) -> Vec<String> {
    vec![
        row.conversation.clone(),
        row.project.clone(),
        row.topic.as_str().to_owned(),
        row.ended.map_or(row.state.as_str(), |how| how.as_str()).to_owned(),
        dash(&next(row)),
        row.requests.to_string(),
        row.agencies.to_string(),
        row.opened.date(),
        dash(&row.owed.join(", ")),
    ]
}

fn next(row: &ConversationRow) -> String {
    let from = row.next_from.map(|from| format!(" from {}", from.date())).unwrap_or_default();
    row.next.map(|next| format!("{next}{from}")).unwrap_or_default()
}

fn burden_line(row: &BurdenRow) -> String {
    let unknown = match row.asked_unknown {
        0 => String::new(),
        count => format!(", of {count} unknown"),
    };
    let ratio = row.given_for_each_asked.map(|ratio| format!("; {ratio:.1} given for each asked")).unwrap_or_default();
    format!(
        "{} {}: asked {} ({} min{unknown}), merged {}, reminded {}, replied {}; given {} and {}{ratio}",
        row.month,
        row.project,
        counted(u64::from(row.requests), "time", "times"),
        row.asked_minutes,
        row.merged,
        row.reminders,
        row.replies,
        counted(u64::from(row.patches), "patch", "patches"),
        counted(u64::from(row.thanks), "thanks", "thanks"),
    )
}

/// One conversation.
pub fn conversation(found: &ConversationAnswer) -> Answer {
    let row = &found.row;
    let case = row.case.as_ref().map(|case| format!(", case {case}")).unwrap_or_default();
    let state = row.ended.map_or(row.state.as_str(), |how| how.as_str());
    let mut head =
        vec![format!("{} with {} about {}{case}: {state}.", row.conversation, row.project, row.topic.as_str())];
    let next = next(row);
    if !next.is_empty() {
        head.push(format!("What may follow: {next}."));
    }
    if !row.owed.is_empty() {
        head.push(format!("Owed to the project: {}.", row.owed.join(", ")));
    }
    for message in &found.messages {
        let what = match (message.is_theirs, message.is_reminder) {
            (true, _) => "the project answered",
            (false, true) => "a reminder was handed out",
            (false, false) => "words were handed out",
        };
        head.push(format!("  {} {what}", message.at.date()));
    }
    head.extend(found.outcomes.iter().map(|(at, outcome)| format!("  {} told: {outcome}", at.date())));
    head.extend(found.rating.map(|rating| {
        let word = |answer: Option<bool>| answer.map_or("no answer", |answer| if answer { "yes" } else { "no" });
        format!(
            "The project rated it: worth its time: {}; hear from us again: {}.",
            word(rating.was_worth_it),
            word(rating.welcomes_more)
        )
    }));
    for row in &found.rows {
        head.push(request_line(row));
        head.extend(why_not(row).into_iter().map(|line| format!("  {line}")));
        head.extend(row.draft.iter().flat_map(draft_lines));
    }
    let mut notes: Vec<String> = found.burden.iter().map(burden_line).collect();
    notes.extend(found.budget.map(|budget| {
        let free = budget.free_from.map_or("now".to_owned(), |from| format!("from {} on", from.date()));
        format!(
            "contact budget: {} of {} in 30 days used, {} of {} in 60 days; one more {free}; {} in 60 days held back for \
             disclosures, of which you see {}",
            budget.used,
            budget.contacts,
            budget.used_60_days,
            budget.contacts_60_days,
            budget.held_back,
            counted(u64::from(budget.disclosures), "conversation", "conversations")
        )
    }));
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    let json = serde_json::to_value(found).unwrap_or_default();
    let rows = json["rows"].as_array().cloned().unwrap_or_default();
    Answer { json, rows, head, notes, ..Answer::default() }
}

/// What is known of how a project wants to be approached.
pub fn facts(told: &ToldFacts) -> Answer {
    let ToldFacts { facts, sources } = told;
    let addresses = &facts.addresses;
    let mut head = vec![facts.project.clone()];
    for (field, name, value) in [
        ("is_opted_out", "opted out", truth(Some(facts.is_opted_out)).to_owned()),
        ("is_archived", "archived", truth(facts.is_archived).to_owned()),
        ("accepts_reports", "accepts reports", truth(facts.accepts_reports).to_owned()),
        ("accepts_changes", "accepts changes", truth(facts.accepts_changes).to_owned()),
        ("accepts_automated_changes", "accepts automated changes", truth(facts.accepts_automated_changes).to_owned()),
        ("takes_only_fixes", "takes only fixes", truth(facts.takes_only_fixes).to_owned()),
        ("contributing_allows_bots", "contributing allows bots", truth(facts.contributing_allows_bots).to_owned()),
        ("is_run_by_volunteers", "run by volunteers", truth(facts.is_run_by_volunteers).to_owned()),
        (
            "active_maintainers",
            "active maintainers",
            facts.active_maintainers.map_or("unknown".to_owned(), |count| count.to_string()),
        ),
        ("security_policy", "security policy", dash(addresses.security_policy.as_deref().unwrap_or_default())),
        ("private_report", "private report", dash(addresses.private_report.as_deref().unwrap_or_default())),
        ("stated", "stated way", dash(addresses.stated.as_deref().unwrap_or_default())),
        ("maintainers", "maintainers", dash(addresses.maintainers.as_deref().unwrap_or_default())),
        ("public_issues", "public issues", dash(addresses.public_issues.as_deref().unwrap_or_default())),
    ] {
        let source =
            sources.get(field).map(|one| format!(" ({}, {})", one.told_by, one.as_of.date())).unwrap_or_default();
        head.push(format!("  {name}: {value}{source}"));
    }
    let mut json = serde_json::to_value(facts).unwrap_or_default();
    json["sources"] = serde_json::to_value(sources).unwrap_or_default();
    Answer::said(head, json)
}
