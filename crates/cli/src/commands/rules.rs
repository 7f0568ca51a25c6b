// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_office::Result;
use underpin_office::error::OfficeError;
use underpin_office::regulator::{Rulebook, shipped, shipped_ids, stated_tables, try_cases};

use super::own_rules::OwnRules;
use super::rules_check::Check;
use super::rules_diff::Diff;
use super::rules_pack::{Pack, Verify};
use super::rules_simulate::Simulate;
use super::rules_waive::{Grant, Waive, Waivers, WithReason};
use crate::context::Context;
use crate::output::{Answer, print};

/// Rules made of law and guidance: what they ask, where it stands, and whether they judge what they say
///
/// A rule is a query that anybody can read, with the text it comes from, its standing (law, draft, guidance, policy), and cases that
/// show what it lets pass and what not. A rule without a case that fails does not load.
#[derive(Debug, clap::Args)]
pub struct Rules {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// All rules that are shipped, or those of a folder
    #[command(after_help = "Examples:\n  underpin rules list\n  underpin rules list --rules our-rules")]
    List(Which),
    /// One rule in plain words: what it asks, where it comes from, its query, its cases
    #[command(
        after_help = "Examples:\n  underpin rules explain bsi-2.1.0/component-name\n  underpin rules explain ntia-2021/supplier --german"
    )]
    Explain(Explain),
    /// Try the cases of all rules; ends with 1 where a rule judges otherwise than its case says
    #[command(after_help = "Examples:\n  underpin rules test\n  underpin rules test --rules our-rules")]
    Test(Which),
    /// Who keeps the rules over the house: systems, agencies, packages, own repositories, with reasons and remedies
    ///
    /// Each rule states whom it asks about and names those that do not keep it. What is not known keeps nothing: a system without a
    /// fresh inventory, a feed that is missing or old, packages that no advisory speaks of. You see what you may see.
    #[command(
        after_help = "Examples:\n  underpin rules check\n  underpin rules check end-of-life --agency tax\n  underpin rules check kev-deadlines/bod-26-04 --fail-on not-met"
    )]
    Check(Check),
    /// What if a rule applied: who is hit, what it costs, who cannot comply, what else could be ruled, and the way there
    ///
    /// The house is taken as it is in the picture and the day is moved: what falls due until then has fallen due. The report has a
    /// digest of what went in and of what came out; the same picture gives the same report.
    #[command(
        after_help = "Examples:\n  underpin rules simulate kev-deadlines/bod-26-04 --from 2027-01-01\n  underpin rules simulate end-of-life/platforms --at 2026-01-01 --format json\n  underpin rules simulate end-of-life/platforms --phase 30,90,365 --pdf report.pdf"
    )]
    Simulate(Simulate),
    /// Ask that a rule need not be kept by one subject until a day; somebody else has to grant it
    ///
    /// A waiver is a decision with a beginning and an end. It changes no verdict: who is let off does not keep the rule, is counted by
    /// itself, and fails no build while it holds. Whether a rule lets anybody off, who grants that and for how long, `rules explain` says.
    #[command(
        after_help = "Examples:\n  underpin rules waive end-of-life/platforms --subject tax --until 2027-03-31 --reason A --compensation B"
    )]
    Waive(Waive),
    /// All waivers within sight: who asked for them, who granted them, and when they end
    #[command(
        after_help = "Examples:\n  underpin rules waivers\n  underpin rules waivers end-of-life --agency tax\n  underpin rules waivers --state asked-for"
    )]
    Waivers(Waivers),
    /// Grant a waiver that somebody else asked for
    #[command(
        after_help = "Examples:\n  underpin rules grant W12 --actor mira\n  underpin rules grant W12 --note \"if the wall stands\""
    )]
    Grant(Grant),
    /// Refuse a waiver that somebody else asked for
    #[command(after_help = "Examples:\n  underpin rules refuse W12 --reason \"a version without the flaw is there\"")]
    Refuse(WithReason),
    /// Withdraw a waiver before its last day: the rule has to be kept again
    #[command(after_help = "Examples:\n  underpin rules withdraw W12 --reason \"it was mended\"")]
    Withdraw(WithReason),
    /// What changed between two rulebooks, and for which documents that would change something
    ///
    /// Words do not tell whether a changed query is stricter. So a rule whose query changed is said to judge otherwise, and --on tries
    /// both books on the same bills of materials.
    #[command(
        after_help = "Examples:\n  underpin rules diff ntia-2021 our-rules\n  underpin rules diff our-rules-1.rules our-rules --trust office.pub --on deliveries"
    )]
    Diff(Diff),
    /// Pack a rulebook of your own, with all it rests on, into one signed file for others
    ///
    /// A book whose rules judge otherwise than their cases say is not packed. The file names the version of the book and, where all files
    /// are committed, the commit. `inherits` in book.toml names the book that yours rests on: an agency may ask for more than its
    /// government, never for less.
    #[command(
        after_help = "Examples:\n  underpin rules pack rules/house-2026 --key office.key --output house-2026.rules\n  underpin check-sbom a.cdx.json --rules house-2026.rules --trust office.pub"
    )]
    Pack(Pack),
    /// Verify a signed bundle of rules, and tell whose and which it is
    #[command(after_help = "Examples:\n  underpin rules verify house-2026.rules --trust office.pub")]
    Verify(Verify),
    /// The tables that rules about documents read, with each column; `underpin sql --tables` has those of the house
    #[command(after_help = "Examples:\n  underpin rules tables")]
    Tables,
}

#[derive(Debug, clap::Args)]
struct Which {
    #[command(flatten)]
    own: OwnRules,
    /// In German
    #[arg(long)]
    german: bool,
}

#[derive(Debug, clap::Args)]
struct Explain {
    /// Rulebook and rule, as `rules list` shows them
    #[arg(value_name = "RULEBOOK/RULE")]
    rule: String,
    #[command(flatten)]
    which: Which,
}

const LIST_FIELDS: [&str; 6] = ["rulebook", "rule", "version", "standing", "demand", "clause"];
const TEST_FIELDS: [&str; 5] = ["rulebook", "rule", "case", "expected", "found"];
const TABLE_FIELDS: [&str; 3] = ["table", "column", "meaning"];

impl Rules {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::List(which) => {
                print(&list(&which.books(context)?, which.german), context.printing_all()).map(|()| false)
            }
            What::Explain(explain) => print(&explain.answer(context)?, context.printing_all()).map(|()| false),
            What::Test(which) => test(&which.books(context)?, context).await,
            What::Simulate(simulate) => simulate.run(context).await,
            What::Check(check) => check.run(context).await,
            What::Waive(waive) => waive.run(context).await,
            What::Waivers(waivers) => waivers.run(context).await,
            What::Grant(grant) => grant.run(context).await,
            What::Refuse(refuse) => refuse.refuse(context).await,
            What::Withdraw(withdraw) => withdraw.withdraw(context).await,
            What::Diff(diff) => diff.run(context).await,
            What::Pack(pack) => pack.run(context).await,
            What::Verify(verify) => verify.run(context),
            What::Tables => print(&tables(), context.printing_all()).map(|()| false),
        }
    }
}

impl Which {
    fn books(&self, context: &Context) -> Result<Vec<Rulebook>> {
        match self.own.book(context)? {
            Some(book) => Ok(vec![book]),
            None => shipped_ids().map(shipped).collect(),
        }
    }
}

fn list(books: &[Rulebook], german: bool) -> Answer {
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    for book in books {
        for rule in &book.rules {
            let title = if german { &rule.title.de } else { &rule.title.en };
            let name = format!("{}/{}", book.book.id, rule.id);
            cells.push(vec![
                name,
                title.clone(),
                rule.demand.as_str().into(),
                rule.standing.unwrap_or(book.book.standing).as_str().into(),
                rule.clause.clone(),
            ]);
            rows.push(json!({ "rulebook": book.book.id, "rule": rule.id, "version": rule.version,
                "standing": rule.standing.unwrap_or(book.book.standing), "demand": rule.demand, "clause": rule.clause, "title": title }));
        }
    }
    let columns = if german {
        ["Regel", "Forderung", "Grad", "Rang", "Stelle"]
    } else {
        ["Rule", "What it asks", "Demand", "Standing", "Clause"]
    };
    Answer {
        json: json!({ "rules": rows }),
        rows,
        fields: &LIST_FIELDS,
        columns: columns.map(str::to_owned).to_vec(),
        cells,
        ..Answer::default()
    }
}

/// What stands before the parts of a rule.
fn labels(german: bool) -> [&'static str; 11] {
    if german {
        [
            "Quelle",
            "Rang",
            "gelesen",
            "gilt ab",
            "Grad",
            "Abhilfe",
            "Abfrage",
            "Fälle",
            "Ausnahme",
            "gewährt von",
            "Tage höchstens",
        ]
    } else {
        [
            "Source",
            "Standing",
            "Read",
            "In force from",
            "Demand",
            "Remedy",
            "Query",
            "Cases",
            "Waiver",
            "granted by",
            "days at most",
        ]
    }
}

impl Explain {
    fn answer(&self, context: &Context) -> Result<Answer> {
        let unknown = || {
            OfficeError::new("no-rule", format!("there is no rule {:?}", self.rule))
                .hint("`underpin rules list` shows all, as RULEBOOK/RULE")
        };
        let (book, name) = self.rule.split_once('/').ok_or_else(unknown)?;
        let book = match self.which.own.book(context)? {
            Some(book) => book,
            None => shipped(book)?,
        };
        let rule = book.rules.iter().find(|rule| rule.id == name).ok_or_else(unknown)?;
        let german = self.which.german;
        let source = rule.source.as_ref().unwrap_or(&book.book.source);
        let standing = rule.standing.unwrap_or(book.book.standing);
        let confirmed = rule.confirmed.unwrap_or(book.book.confirmed);
        let valid_from = rule.valid_from.as_ref().unwrap_or(&book.book.valid_from);
        let cases = rule.cases.len() + rule.houses.len();
        let of = |texts: &underpin_office::regulator::BothLanguages| {
            if german { texts.de.clone() } else { texts.en.clone() }
        };
        let labels = labels(german);
        let conditions = rule.waiver_in(&book.book);
        let waiver = conditions.map(|conditions| of(&conditions.words()));
        let granter = conditions.and_then(|conditions| Some((conditions.granted_by?, conditions.longest_days())));
        let mut head = vec![
            of(&rule.title),
            of(&rule.text),
            format!("{}: {}, {} ({})", labels[0], source.name, rule.clause, source.address),
            format!(
                "{}: {}; {}: {}; {}: {}",
                labels[1],
                standing.as_str(),
                labels[2],
                confirmed.as_str(),
                labels[3],
                valid_from
            ),
            format!("{}: {}", labels[4], rule.demand.as_str()),
            format!("{}: {}", labels[5], of(&rule.remedy)),
            format!("{}:\n{}", labels[6], rule.sql.trim()),
            format!("{}: {}", labels[7], cases),
        ];
        head.extend(waiver.as_ref().map(|words| format!("{}: {words}", labels[8])));
        head.extend(granter.map(|(granter, days)| {
            format!("{}, {}: {}; {}: {days}", labels[8], labels[9], granter.as_str(), labels[10])
        }));
        let notes = [&rule.note, &book.book.note].into_iter().flatten().map(&of).collect();
        let json = json!({ "rulebook": book.book.id, "rule": rule.id, "version": rule.version, "standing": standing,
            "confirmed": confirmed, "valid_from": valid_from.to_string(), "demand": rule.demand, "clause": rule.clause,
            "source": source.name, "address": source.address, "title": of(&rule.title), "text": of(&rule.text),
            "remedy": of(&rule.remedy), "sql": rule.sql.trim(), "cases": cases, "waiver": waiver,
            "waiver_granted_by": granter.map(|(granter, _)| granter), "waiver_most_days": granter.map(|(_, days)| days) });
        Ok(Answer { notes, ..Answer::said(head, json) })
    }
}

async fn test(books: &[Rulebook], context: &Context) -> Result<bool> {
    let (mut rows, mut cells, mut wrong, mut all) = (Vec::new(), Vec::new(), 0, 0);
    for book in books {
        for case in try_cases(book, &Limits::default()).await? {
            all += 1;
            let mut row = json!(case);
            row["rulebook"] = Value::from(book.book.id.as_str());
            if case.expected != case.found {
                wrong += 1;
                let name = format!("{}/{}", book.book.id, case.rule);
                cells.push(vec![name, case.case.clone(), case.expected.as_str().into(), case.found.as_str().into()]);
            }
            rows.push(row);
        }
    }
    let head = vec![format!("{} of {all} cases are judged as they say.", all - wrong)];
    let columns = ["Rule", "Case", "Expected", "Found"].map(str::to_owned).to_vec();
    let json = json!({ "cases": rows, "wrong": wrong });
    print(
        &Answer { json, rows, fields: &TEST_FIELDS, head, columns, cells, ..Answer::default() },
        context.printing_all(),
    )?;
    Ok(wrong > 0)
}

fn tables() -> Answer {
    let (mut rows, mut cells, mut head) = (Vec::new(), Vec::new(), Vec::new());
    for (table, grain, columns) in stated_tables() {
        head.push(format!("{table}: one row is {grain}."));
        for (column, meaning) in columns {
            cells.push(vec![table.to_owned(), column.to_owned(), meaning.to_owned()]);
            rows.push(json!({ "table": table, "column": column, "meaning": meaning }));
        }
    }
    let columns = ["Table", "Column", "Meaning"].map(str::to_owned).to_vec();
    Answer { json: json!({ "columns": rows }), rows, fields: &TABLE_FIELDS, head, columns, cells, ..Answer::default() }
}
