// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::contracts::{ContractChange, ContractId, ContractTerms};
use underpin_model::{DocumentId, Timestamp};
use underpin_office::regulator::{ContractAnswer, ContractsAnswer};
use underpin_office::{House, OfficeError, Result};
use underpin_render::Language;
use underpin_render::acceptance::protocol;
use underpin_render::pdf::pdf;

use super::conformity::{result, word};
use super::coverage::snapshot_line;
use crate::context::{self, Context};
use crate::output::{Answer, columns, counted, dash, print};

/// Contracts under which suppliers deliver bills of materials: links, deliveries, protocols, letters
#[derive(Debug, clap::Args)]
pub struct Contracts {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Open(Open),
    /// All contracts within sight
    List,
    /// One contract: its deliveries, how they stand, and what became better or worse from one to the next
    Show {
        /// Contract, such as S12
        contract: ContractId,
        /// Exit with 1 when the newest delivery keeps a clause worse than the one before
        #[arg(long, value_name = "worse", value_parser = ["worse"])]
        fail_on: Option<String>,
    },
    /// Say that a document was delivered under a contract
    Deliver {
        /// Contract, such as S12
        contract: ContractId,
        /// Document, such as D12
        document: DocumentId,
    },
    Link(Link),
    Waive(Waive),
    /// Write down a remark, which stands in the protocol
    Note {
        /// Contract, such as S12
        contract: ContractId,
        /// What is to be said
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
    /// Withdraw a contract: nothing is delivered under it any more, and its links end
    Withdraw {
        /// Contract, such as S12
        contract: ContractId,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    Protocol(Protocol),
    Letter(Letter),
}

/// Write down a contract under which bills of materials are owed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin contract open --reference 7 --supplier Aurum --product Tax --system tax --until 2029-12-31"
)]
struct Open {
    /// How you call it: a file number
    #[arg(long, value_name = "TEXT")]
    reference: String,
    /// Who supplies
    #[arg(long, value_name = "TEXT")]
    supplier: String,
    /// What is supplied
    #[arg(long, value_name = "TEXT")]
    product: String,
    /// The system that it is for
    #[arg(long, value_name = "SYSTEM")]
    system: String,
    /// The rulebook that was agreed
    #[arg(long, value_name = "PROFILE", default_value = "bsi-2.1.0")]
    rulebook: String,
    /// Until when documents are delivered under it
    #[arg(long, value_name = "DAY")]
    until: Timestamp,
}

/// Make a link by which the supplier delivers without an account. It is shown once
#[derive(Debug, clap::Args)]
struct Link {
    /// Contract, such as S12
    contract: ContractId,
    /// How many deliveries it takes
    #[arg(long, value_name = "N", default_value_t = 10)]
    uses: i64,
    /// For how many days it is good
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    days: i64,
    /// Address under which the house is served
    #[arg(long, value_name = "URL", default_value = "")]
    public_url: String,
}

/// Say that a clause need not be kept. It changes no verdict: it stands beside it
#[derive(Debug, clap::Args)]
struct Waive {
    /// Contract, such as S12
    contract: ContractId,
    /// The rule, as `underpin rules list` calls it
    #[arg(long, value_name = "RULE")]
    rule: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Until when
    #[arg(long, value_name = "DAY")]
    until: Timestamp,
}

/// The protocol of an acceptance as a PDF: for procurement, to be signed by a person
#[derive(Debug, clap::Args)]
struct Protocol {
    /// Contract, such as S12
    contract: ContractId,
    /// Document, such as D12
    document: DocumentId,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pdf: PathBuf,
    /// In German
    #[arg(long)]
    german: bool,
}

/// The draft of a polite letter to the supplier about a delivery. A person sends it; Underpin never does
#[derive(Debug, clap::Args)]
struct Letter {
    /// Contract, such as S12
    contract: ContractId,
    /// Document, such as D12
    document: DocumentId,
    /// A link of this contract, to be named in it
    #[arg(long, value_name = "URL", default_value = "")]
    link: String,
    /// In German
    #[arg(long)]
    german: bool,
}

impl Contracts {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let mut fails = false;
        let answer = match self.what {
            What::Open(open) => open.run(context, &house).await?,
            What::List => listed(&house.contracts(&context.desk(&house).await?).await?),
            What::Show { contract, fail_on } => {
                let found = house.contract(&context.desk(&house).await?, contract).await?;
                fails = fail_on.is_some() && found.deliveries.last().is_some_and(|newest| newest.worse > 0);
                shown(&found)
            }
            What::Deliver { contract, document } => {
                change(context, &house, contract, ContractChange::Deliver { document }).await?
            }
            What::Link(link) => link.run(context, &house).await?,
            What::Waive(Waive { contract, rule, reason, until }) => {
                change(context, &house, contract, ContractChange::Waive { rule, reason, until }).await?
            }
            What::Note { contract, text } => change(context, &house, contract, ContractChange::Note { text }).await?,
            What::Withdraw { contract, reason } => {
                change(context, &house, contract, ContractChange::Withdraw { reason }).await?
            }
            What::Protocol(asked) => asked.run(context, &house).await?,
            What::Letter(asked) => asked.run(context, &house).await?,
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(fails)
    }
}

async fn change(context: &Context, house: &House, id: ContractId, what: ContractChange) -> Result<Answer> {
    house.change_contract(&context.author(house).await?, id, what).await?;
    Ok(shown(&house.contract(&context.desk(house).await?, id).await?))
}

impl Open {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let system = desk.system_called(&self.system)?.id.clone();
        let terms = ContractTerms {
            reference: self.reference,
            supplier: self.supplier,
            product: self.product,
            system,
            rulebook: self.rulebook,
            ends: self.until,
        };
        let id = house.open_contract(&context.author(house).await?, terms).await?;
        Ok(shown(&house.contract(&context.desk(house).await?, id).await?))
    }
}

impl Link {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let author = context.author(house).await?;
        let random = (context::random()?, context.now);
        let link = house.make_delivery_link(&author, self.contract, (self.uses, self.days), random).await?;
        let address = format!("{}/deliver/{}", self.public_url.trim_end_matches('/'), link.secret);
        let head = vec![
            address.clone(),
            format!("It takes {}, until {}.", counted(link.uses as u64, "delivery", "deliveries"), link.ends),
            "It is shown this once; whoever has it can deliver under this contract and sees nothing else.".to_owned(),
        ];
        let mut json = serde_json::to_value(&link).unwrap_or_default();
        json["address"] = address.into();
        Ok(Answer::said(head, json))
    }
}

fn language(german: bool) -> Language {
    if german { Language::German } else { Language::English }
}

impl Protocol {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let language = language(self.german);
        let facts = house.acceptance(&desk, self.contract, self.document, language).await?;
        let bytes = pdf(&protocol(language, &facts)).map_err(|error| OfficeError::new("export", error.to_string()))?;
        std::fs::write(&self.pdf, &bytes).map_err(|error| OfficeError::file(&self.pdf, &error))?;
        let json = serde_json::json!({ "file": self.pdf, "bytes": bytes.len(), "conformity": facts.conformity });
        Ok(Answer::said(vec![format!("The protocol is in {}.", self.pdf.display())], json))
    }
}

impl Letter {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let of = (self.contract, self.document);
        let letter = house.supplier_text(&desk, of, language(self.german), &self.link).await?;
        let text = letter.text();
        let json = serde_json::json!({ "subject": letter.subject, "text": text });
        let lines = [letter.subject.as_str(), ""].into_iter().chain(text.lines()).map(str::to_owned);
        Ok(Answer::said(lines.collect(), json))
    }
}

const LIST_FIELDS: [&str; 11] = [
    "contract",
    "reference",
    "supplier",
    "product",
    "system",
    "rulebook",
    "ends",
    "is_open",
    "withdrawn",
    "deliveries",
    "newest",
];

fn state(is_open: bool, withdrawn: Option<Timestamp>) -> &'static str {
    match (is_open, withdrawn) {
        (_, Some(_)) => "withdrawn",
        (true, None) => "open",
        (false, None) => "ended",
    }
}

fn listed(found: &ContractsAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = found.rows.iter().map(|row| {
        vec![
            row.contract.to_string(),
            row.terms.reference.clone(),
            row.terms.supplier.clone(),
            row.terms.product.clone(),
            row.terms.system.0.clone(),
            row.terms.rulebook.clone(),
            row.terms.ends.date(),
            state(row.is_open, row.withdrawn).to_owned(),
            row.deliveries.to_string(),
        ]
    });
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: &LIST_FIELDS,
        head: vec![format!("{}.", counted(found.rows.len() as u64, "contract", "contracts"))],
        columns: columns(&[
            "contract",
            "reference",
            "supplier",
            "product",
            "system",
            "rulebook",
            "until",
            "state",
            "deliveries",
        ]),
        cells: cells.collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}

const SHOW_FIELDS: [&str; 11] =
    ["document", "at", "by", "path", "conformity", "code", "components", "not_met", "not_assessed", "better", "worse"];

fn shown(found: &ContractAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let row = &found.row;
    let mut head = vec![
        format!("{}: {}, {} ({})", row.contract, row.terms.supplier, row.terms.product, row.terms.reference),
        format!("for {}, until {}, {}", row.system_name, row.terms.ends.date(), state(row.is_open, row.withdrawn)),
        format!("held against {}: {}", row.terms.rulebook, found.rulebook_title.en),
    ];
    if row.withdrawn.is_some() {
        head.push(format!("withdrawn: {}", found.contract.withdrawn_because));
    }
    let cells = found.deliveries.iter().map(|one| {
        vec![
            one.document.to_string(),
            one.at.date(),
            one.by.clone(),
            one.path.clone(),
            format!("{} {}", result(one.conformity, false), one.code).trim().to_owned(),
            one.not_met.to_string(),
            one.not_assessed.to_string(),
            one.better.to_string(),
            one.worse.to_string(),
        ]
    });
    let mut notes: Vec<String> = Vec::new();
    for change in &found.changes {
        let how = if change.is_better { "better" } else { "worse" };
        let (before, after) = (word(change.before, false), word(change.after, false));
        notes.push(format!(
            "{} to {}, {how}: {} {} ({before} {}, then {after} {})",
            change.from, change.to, change.clause, change.title.en, change.count_before, change.count_after
        ));
    }
    let waivers = found.contract.waivers.iter();
    notes.extend(waivers.map(|one| {
        let holds = found.contract.waiver(&one.rule, found.overview.as_of) == Some(one);
        let over = if holds { "" } else { "; no longer counts" };
        format!("waived until {}: {} ({}, {}){over}", one.until.date(), one.rule, one.reason, one.by)
    }));
    let remarks = found.contract.notes.iter();
    notes.extend(remarks.map(|one| format!("{}, {}: {}", one.at.date(), one.by, dash(&one.text))));
    if found.older > 0 {
        notes.push(format!("{} older deliveries are not judged here.", found.older));
    }
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    Answer {
        rows: json["deliveries"].as_array().cloned().unwrap_or_default(),
        fields: &SHOW_FIELDS,
        head,
        columns: columns(&["document", "delivered", "by", "file", "result", "not met", "open", "better", "worse"]),
        cells: cells.collect(),
        notes,
        json,
    }
}
