// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What projects publish about money: read from clones at their newest commit, or from files that somebody gave. Of two files of the
//! same form the newer one counts.
//!
//! What a file of a project says is not written down as it is: the reader leaves out what may be a person's before anything is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use underpin_assess::engagement::double_funding::{Funding, FundingSource};
use underpin_formats::project_money::{About, declared, read};
use underpin_ledger::ProjectRecord;
use underpin_model::Timestamp;
use underpin_model::project_money::{Amount, DeclaredAddress, FundingFile, FundingForm, MoneyFlow, Payer};
use underpin_model::signals::{Reading, SignalCode};
use underpin_render::{Language, text};

use super::facts::damaged;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Kind of the lines with files about money that somebody gave.
const MONEY: &str = "money";
/// Kind of the lines with what a SECURITY-INSIGHTS that somebody gave declares.
pub(super) const INSIGHTS: &str = "insights";

/// Where a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadFrom {
    /// In a clone, at its newest commit.
    Clone,
    /// In a file that somebody gave.
    File,
}

impl ReadFrom {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::File => "file",
        }
    }
}

/// A file about money, and which project says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedMoney {
    /// Key of the project.
    pub project: String,
    /// Where it was read.
    pub read_from: ReadFrom,
    /// When.
    pub as_of: Timestamp,
    /// What it says.
    pub file: FundingFile,
}

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct GivenFile {
    read: Timestamp,
    file: FundingFile,
}

/// What SECURITY-INSIGHTS declares, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GivenInsights {
    pub(super) values: Vec<(SignalCode, Reading)>,
    pub(super) addresses: Vec<DeclaredAddress>,
    pub(super) withheld: usize,
}

/// Which file a project publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedForm {
    /// About money.
    Money(FundingForm),
    /// SECURITY-INSIGHTS.
    Insights,
}

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LearnedFile {
    /// Key of the project.
    pub project: String,
    /// The word of its form.
    pub form: &'static str,
    /// What it says about money.
    pub money: Option<FundingFile>,
    /// What it declares: word of the signal, and the value.
    pub declared: Vec<(SignalCode, Reading)>,
    /// Addresses that it declares.
    pub addresses: Vec<DeclaredAddress>,
    /// Addresses that were not kept.
    pub addresses_withheld: usize,
    /// Whether anything of it was new.
    pub is_new: bool,
}

/// The form of a file by its name and, for YAML, by what stands in it; `None` for one that is no file of a project.
pub fn form_of(name: &str, text: &str) -> Option<PublishedForm> {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_yaml = ends(&[".yml", ".yaml"]);
    match () {
        () if ends(&[".json"]) => Some(PublishedForm::Money(FundingForm::FundingJson)),
        () if is_yaml && text.contains("schema-version") => Some(PublishedForm::Insights),
        () if is_yaml => Some(PublishedForm::Money(FundingForm::FundingYml)),
        () if ends(&[".csv", ".tsv"]) => Some(PublishedForm::Money(FundingForm::Accounts)),
        () => None,
    }
}

impl Desk {
    /// Names of organisations that may stand as payers in accounts as they are: this office, and agencies in sight.
    pub fn payers(&self) -> Vec<String> {
        let agencies = self.snapshot.agencies.iter().map(|agency| agency.name.clone());
        own_names().into_iter().chain(agencies).collect()
    }
}

/// What this office is called.
fn own_names() -> [String; 2] {
    [Language::English, Language::German].map(|language| text(language, "house-name", &[]))
}

/// Whether a payment is one of this office, which has it among its promises already.
pub(super) fn is_own(flow: &MoneyFlow) -> bool {
    flow.payer_name.as_ref().is_some_and(|name| own_names().contains(name))
}

impl House {
    /// Writes down what a file of a project says; of its text only that.
    ///
    /// # Errors
    /// `project-facts` for a file that is not of its form; `not-allowed`; what the ledger says.
    pub async fn learn_published(
        &self,
        author: &Author,
        (project, payers): (&str, &[String]),
        (form, content): (PublishedForm, &str),
    ) -> Result<LearnedFile> {
        let about = About { project, payers };
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let before = reader.revision().await?;
        let mut learned = LearnedFile {
            project: project.to_owned(),
            form: "security-insights",
            money: None,
            declared: Vec::new(),
            addresses: Vec::new(),
            addresses_withheld: 0,
            is_new: false,
        };
        let line = match form {
            PublishedForm::Money(form) => {
                let file = read(form, content, &about).map_err(|fault| {
                    OfficeError::new("project-facts", fault.to_string()).hint("the manual shows what is read")
                })?;
                let records = reader.project_records(MONEY, Some(project), author.at).await?;
                let mut given = records.last().map(given).transpose()?.unwrap_or_default();
                given.retain(|one| one.file.form != form);
                (learned.form, learned.money) = (form.as_str(), Some(file.clone()));
                given.push(GivenFile { read: author.at, file });
                given.sort_by_key(|one| one.file.form);
                (project.to_owned(), MONEY, json!(given))
            }
            PublishedForm::Insights => {
                let found = declared(Ok(content), &about);
                learned.declared = found.values.into_iter().map(|(code, value)| (code, value.into())).collect();
                (learned.addresses, learned.addresses_withheld) = (found.addresses, found.withheld);
                let kept = GivenInsights {
                    values: learned.declared.clone(),
                    addresses: learned.addresses.clone(),
                    withheld: learned.addresses_withheld,
                };
                (project.to_owned(), INSIGHTS, json!(kept))
            }
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        learned.is_new = writer.note_projects(author.at, vec![line]).await? > before;
        Ok(learned)
    }

    /// What projects publish about money, by project and form; nothing for who may not rank for the whole government.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) async fn published_money(&self, desk: &Desk) -> Result<Vec<PublishedMoney>> {
        let mut newest: BTreeMap<(String, FundingForm), PublishedMoney> = BTreeMap::new();
        let mut take = |found: PublishedMoney| {
            let key = (found.project.clone(), found.file.form);
            if newest.get(&key).is_none_or(|known| known.as_of <= found.as_of) {
                newest.insert(key, found);
            }
        };
        for (project, kept) in self.newest_looks(desk).await? {
            let as_of = kept.signals.as_of;
            for file in kept.published.funding {
                take(PublishedMoney { project: project.clone(), read_from: ReadFrom::Clone, as_of, file });
            }
        }
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        for record in reader.newest_project_records(MONEY, desk.overview().as_of).await? {
            let project = desk.names.settled(&record.project).to_owned();
            for GivenFile { read: as_of, file } in given(&record)? {
                take(PublishedMoney { project: project.clone(), read_from: ReadFrom::File, as_of, file });
            }
        }
        Ok(newest.into_values().collect())
    }
}

fn given(record: &ProjectRecord) -> Result<Vec<GivenFile>> {
    serde_json::from_value(record.body.clone()).map_err(|error| damaged(record.number, &record.project, &error))
}

/// What came in, as records that own promises can be held against. Payments of this office are no second source; ways to pay and wishes
/// are no money and are left to pages that show them.
pub(super) fn published_records(published: &[PublishedMoney]) -> Vec<Funding> {
    let flows = published.iter().flat_map(|one| one.file.flows.iter().map(move |flow| (one, flow)));
    flows.filter(|(_, flow)| !is_own(flow)).filter_map(|(one, flow)| record(one, flow)).collect()
}

/// One flow; `None` where nothing came in.
pub(super) fn record(one: &PublishedMoney, flow: &MoneyFlow) -> Option<Funding> {
    let income = flow.income.as_ref().filter(|income| income.hundredths > 0)?;
    let source = match one.file.form {
        FundingForm::FundingJson => FundingSource::FundingJsonHistory,
        FundingForm::FundingYml => FundingSource::FundingYml,
        FundingForm::Accounts => FundingSource::Register,
    };
    Some(Funding {
        source,
        funder: funder(flow),
        project: one.project.clone(),
        activity: None,
        from: Some(flow.from),
        until: Some(flow.until),
        amount_cents: euro_cents(income),
    })
}

/// Who paid, where that is no person.
pub(super) fn funder(flow: &MoneyFlow) -> Option<String> {
    match flow.payer {
        Payer::Platform | Payer::Organisation => flow.payer_name.clone(),
        // A word that pages say in the reader's language.
        other => Some(other.as_str().to_owned()),
    }
}

/// An amount in euro, in cents.
fn euro_cents(amount: &Amount) -> Option<i64> {
    amount.currency.is_euro().then_some(amount.hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_by_their_names() {
        let money = |form| Some(PublishedForm::Money(form));
        for (name, text, expected) in [
            ("funding.json", "{}", money(FundingForm::FundingJson)),
            (".github/FUNDING.yml", "github: a", money(FundingForm::FundingYml)),
            ("SECURITY-INSIGHTS.yml", "header:\n  schema-version: 2.2.0\n", Some(PublishedForm::Insights)),
            (".gov/accounting.CSV", "", money(FundingForm::Accounts)),
            ("projects.toml", "", None),
            ("notes", "", None),
        ] {
            assert_eq!(form_of(name, text), expected, "{name}");
        }
    }
}
