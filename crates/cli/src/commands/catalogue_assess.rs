// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use underpin_model::limits::bounds::{SELF_ASSESSMENT_FIELD_BYTES, SELF_ASSESSMENT_FILE_BYTES};
use underpin_model::registry::AgencyId;
use underpin_model::self_assessment::{SelfAnswer, SelfAssessment};
use underpin_office::role_model::self_assessment::{RequirementRow, SelfAssessmentAnswer, Strength};
use underpin_office::role_model::{address_key, write_new};
use underpin_office::{House, OfficeError, Result};
use underpin_render::{Language, text};

use super::catalogue::{Named, agency};
use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, tell};

/// Answer for a repository what no program can judge of the Standard for Public Code
///
/// Without more it shows the questions that are open. An answer stands with name and day beside what the program found, and is never counted
/// with it. It is old after a year, or when the repository has changed much.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin catalogue assess git.example/treasury/forms --ask\n  underpin catalogue assess git.example/treasury/forms --write answers.toml\n  underpin catalogue assess git.example/treasury/forms --file answers.toml"
)]
pub(super) struct Assess {
    #[command(flatten)]
    repository: Named,
    /// Show the questions that are open
    #[arg(long, conflicts_with_all = ["ask", "requirement", "file", "write"])]
    list: bool,
    /// With all that should be or may be, and with what is answered or judged
    #[arg(long, conflicts_with_all = ["requirement", "file"])]
    all: bool,
    /// Ask the open questions one by one on this terminal; each answer is written down at once
    #[arg(long, conflicts_with_all = ["requirement", "file", "write"])]
    ask: bool,
    /// The requirement that is answered, by its name
    #[arg(long, value_name = "REQUIREMENT", requires = "answer", conflicts_with_all = ["file", "write"])]
    requirement: Option<String>,
    /// met, not-met, does-not-apply or do-not-know
    #[arg(long, value_name = "ANSWER", requires = "requirement")]
    answer: Option<SelfAnswer>,
    /// Why; for who reads at the agency
    #[arg(long, value_name = "TEXT", requires = "requirement", default_value = "")]
    reason: String,
    /// An address where it can be seen
    #[arg(long, value_name = "URL", requires = "requirement")]
    evidence: Option<String>,
    /// Write down the answers of a file; those that stand there already are not said again
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    file: Option<PathBuf>,
    /// Write the open questions into a new file, to fill in and read with --file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// A file of answers.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// The repository's address.
    repository: String,
    #[serde(default)]
    answer: Vec<Filled>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filled {
    requirement: String,
    #[serde(default)]
    answer: SelfAnswer,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    evidence: String,
}

impl Filled {
    fn said(self) -> (String, SelfAssessment) {
        let evidence = Some(self.evidence.trim().to_owned()).filter(|text| !text.is_empty());
        (self.requirement, SelfAssessment { answer: self.answer, reason: self.reason.trim().to_owned(), evidence })
    }
}

impl Assess {
    pub(super) async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let of = agency(&desk, self.repository.agency.as_deref())?;
        let named = (self.repository.address.as_str(), of.as_ref());
        drop(desk);
        let mut done = None;
        if let Some((requirement, answer)) = self.requirement.clone().zip(self.answer) {
            let said = SelfAssessment { answer, reason: self.reason.clone(), evidence: self.evidence.clone() };
            house.assess(&context.author(house).await?, named, vec![(requirement, said)]).await?;
        } else if let Some(path) = &self.file {
            let before = found(context, house, named).await?;
            let answers = new_answers(path, &before)?;
            done = Some(format!("{} written down.", counted(answers.len() as u64, "answer is", "answers are")));
            if !answers.is_empty() {
                house.assess(&context.author(house).await?, named, answers).await?;
            }
        } else if self.ask {
            self.ask(context, house, named).await?;
        }
        // What was just said is shown; only a list may be of an earlier moment.
        let is_list = self.requirement.is_none() && self.file.is_none() && !self.ask && self.write.is_none();
        let desk = if is_list { context.desk(house).await? } else { context.desk_at(house, None).await? };
        let mut answer = house.self_assessment(&desk, named.0, named.1).await?;
        if let Some(path) = &self.write {
            write_questions(path, &answer, self.all)?;
        }
        let is_shown = |row: &RequirementRow| match &self.requirement {
            Some(requirement) => row.requirement == *requirement,
            None => self.is_asked(row),
        };
        let open = [answer.open(Strength::Must), answer.open(Strength::Should), answer.open(Strength::May)];
        answer.rows.retain(is_shown);
        let mut shown = shown(&answer, open);
        shown.head.extend(done);
        Ok(shown)
    }

    /// Whether a row is meant: open musts, or all.
    fn is_asked(&self, row: &RequirementRow) -> bool {
        self.all || (row.is_open && row.strength == Strength::Must)
    }

    async fn ask(&self, context: &Context, house: &House, named: (&str, Option<&AgencyId>)) -> Result<()> {
        let answer = found(context, house, named).await?;
        let rows: Vec<&RequirementRow> = answer.rows.iter().filter(|row| self.is_asked(row)).collect();
        for (number, row) in (1..).zip(&rows) {
            tell(&format!(
                "\n{number} of {}: {} ({})\n{}",
                rows.len(),
                row.requirement,
                row.strength.as_str(),
                asks(row)
            ));
            if let Some(before) = row.answer {
                tell(&format!("So far: {}. {}", before.as_str(), row.reason));
            }
            let said = match asked(&mut std::io::stdin().lock())? {
                Reply::Said(said) => said,
                Reply::Skip => continue,
                Reply::Quit => break,
            };
            house.assess(&context.author(house).await?, named, vec![(row.requirement.clone(), said)]).await?;
        }
        Ok(())
    }
}

async fn found(context: &Context, house: &House, named: (&str, Option<&AgencyId>)) -> Result<SelfAssessmentAnswer> {
    let desk = context.desk_at(house, None).await?;
    house.self_assessment(&desk, named.0, named.1).await
}

/// What a person replied.
#[derive(Debug, PartialEq, Eq)]
enum Reply {
    Said(SelfAssessment),
    Skip,
    Quit,
}

/// Asks for an answer, its reason and its evidence, again until each can be taken. The end of the input ends the round.
fn asked(input: &mut impl BufRead) -> Result<Reply> {
    let answer = loop {
        tell("m = met, n = not met, d = does not apply, k = do not know, s = skip, q = quit");
        match line(input)?.as_deref().map(str::to_lowercase).as_deref() {
            Some("m" | "met") => break SelfAnswer::Met,
            Some("n" | "not-met") => break SelfAnswer::NotMet,
            Some("d" | "does-not-apply") => break SelfAnswer::DoesNotApply,
            Some("k" | "do-not-know") => break SelfAnswer::DoNotKnow,
            Some("s" | "skip" | "") => return Ok(Reply::Skip),
            Some("q" | "quit") | None => return Ok(Reply::Quit),
            Some(_) => tell("That is none of them."),
        }
    };
    let reason = loop {
        tell("Why?");
        match line(input)? {
            None => return Ok(Reply::Quit),
            Some(reason) if reason.is_empty() && answer != SelfAnswer::DoNotKnow => tell("Others have to follow it."),
            Some(reason) => break reason,
        }
    };
    let evidence = loop {
        tell("Where can it be seen? An address, or nothing");
        match line(input)? {
            None => return Ok(Reply::Quit),
            Some(address) if address.is_empty() => break None,
            Some(address) if address.starts_with("https://") || address.starts_with("http://") => break Some(address),
            Some(_) => tell("An address begins with https://"),
        }
    };
    Ok(Reply::Said(SelfAssessment { answer, reason, evidence }))
}

/// A line without blanks around it; `None` at the end of the input.
fn line(input: &mut impl BufRead) -> Result<Option<String>> {
    let mut text = String::new();
    let read = input.take(2 * SELF_ASSESSMENT_FIELD_BYTES as u64).read_line(&mut text);
    let read = read.map_err(|error| OfficeError::new("usage", format!("the answer cannot be read: {error}")))?;
    Ok((read > 0).then(|| text.trim().to_owned()))
}

/// Answers of a file that say something new.
fn new_answers(path: &Path, before: &SelfAssessmentAnswer) -> Result<Vec<(String, SelfAssessment)>> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| OfficeError::file(path, &error))?;
    let read = file.take(SELF_ASSESSMENT_FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| OfficeError::file(path, &error))?;
    if text.len() as u64 > SELF_ASSESSMENT_FILE_BYTES {
        return Err(usage("the file of answers is too large", "write it with `underpin catalogue assess --write`"));
    }
    let answers: Answers = toml::from_str(&text).map_err(|error| {
        usage(format!("{}: {}", path.display(), error.message()), "write it with `underpin catalogue assess --write`")
    })?;
    if address_key(&answers.repository).is_none_or(|key| key != before.address) {
        let told = format!("{} is about {}", path.display(), answers.repository);
        return Err(usage(&told, "name the repository that the file is about"));
    }
    let is_new = |(requirement, said): &(String, SelfAssessment)| {
        let row = before.rows.iter().find(|row| row.requirement == *requirement);
        match row.and_then(|row| Some((row, row.answer?))) {
            Some((row, answer)) => (answer, &row.reason, &row.evidence) != (said.answer, &said.reason, &said.evidence),
            // A question that nobody filled in.
            None => said.answer != SelfAnswer::DoNotKnow || !said.reason.is_empty(),
        }
    };
    Ok(answers.answer.into_iter().map(Filled::said).filter(is_new).collect())
}

/// Writes the questions with the answers so far into a new file.
fn write_questions(path: &Path, answer: &SelfAssessmentAnswer, all: bool) -> Result<()> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!(
        "# {} for {} ({}).\n# answer: met, not-met, does-not-apply or do-not-know. Each but the last needs a reason.\n\
         repository = {}\n",
        answer.standard,
        answer.name,
        answer.agency_name,
        quoted(&answer.address)
    );
    for row in answer.rows.iter().filter(|row| all || (row.is_open && row.strength == Strength::Must)) {
        text.push_str(&format!(
            "\n# {}: {}\n[[answer]]\nrequirement = {}\nanswer = {}\nreason = {}\nevidence = {}\n",
            row.strength.as_str(),
            asks(row),
            quoted(&row.requirement),
            quoted(row.answer.unwrap_or_default().as_str()),
            quoted(&row.reason),
            quoted(row.evidence.as_deref().unwrap_or_default())
        ));
    }
    write_new(path, &text)
}

fn asks(row: &RequirementRow) -> String {
    text(Language::English, &format!("requirement-{}", row.requirement), &[])
}

fn shown(found: &SelfAssessmentAnswer, open: [u64; 3]) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = |row: &RequirementRow| {
        let by = row.said_by.as_deref().unwrap_or_default();
        let day = row.said.map(|at| at.date()).unwrap_or_default();
        let old = row.old.map(|old| format!(" (old: {})", old.as_str())).unwrap_or_default();
        let program: Vec<String> =
            row.program.iter().map(|one| format!("{}: {}", one.practice, one.outcome.as_str())).collect();
        vec![
            row.requirement.clone(),
            row.strength.as_str().to_owned(),
            asks(row),
            dash(row.answer.map_or("", |answer| answer.as_str())) + &old,
            dash(format!("{by} {day}").trim()),
            dash(&program.join(", ")),
        ]
    };
    let contradictions = found.rows.iter().filter(|row| row.contradicts).count() as u64;
    let mut head = vec![
        format!("{} ({}): {}", found.name, found.address, found.standard),
        format!("Open: {} that must be, {} that should be, {} that may be.", open[0], open[1], open[2]),
    ];
    if contradictions > 0 {
        let told = counted(contradictions, "answer contradicts", "answers contradict");
        head.push(format!("{told} what the program found. What the program found stands."));
    }
    Answer {
        head,
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: RequirementRow::FIELDS,
        columns: columns(&["requirement", "strength", "asks", "said", "by, on", "program"]),
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(text: &str) -> Vec<Reply> {
        let mut input = text.as_bytes();
        let mut found = Vec::new();
        loop {
            let reply = asked(&mut input).expect("text");
            let is_end = reply == Reply::Quit;
            found.push(reply);
            if is_end {
                return found;
            }
        }
    }

    #[test]
    fn a_question_is_asked_until_it_is_answered() {
        let said = |answer, reason: &str, evidence: Option<&str>| {
            Reply::Said(SelfAssessment { answer, reason: reason.to_owned(), evidence: evidence.map(str::to_owned) })
        };
        let text = "x\nM\n\nwe do\nthere\nhttps://git.example/a\ns\nk\n\n\nn\nnot yet\n";
        let expected = [
            said(SelfAnswer::Met, "we do", Some("https://git.example/a")),
            Reply::Skip,
            said(SelfAnswer::DoNotKnow, "", None),
            Reply::Quit,
        ];
        assert_eq!(replies(text), expected, "what was cut off is not said");
        assert_eq!(replies("q\n"), [Reply::Quit]);
    }
}
