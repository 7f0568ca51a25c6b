// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::watch::Tlp;
use underpin_office::publish::{
    DecisionsAsked, DraftAsked, Drafted, PublicationKind, PublicationRow, PublicationState, PublishNotice, SbomAsked,
};
use underpin_office::{House, OfficeError, Result};

use super::publish_keys::{Keys, SignAgain};
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print};

/// Publish for the world: advisories and statements as CSAF, OSV and OpenVEX, parts lists of own releases, signed
///
/// One person drafts, another one approves, by the digest of the draft. What is approved and TLP:CLEAR is then offered to everybody: by
/// `underpin serve`, where `serve = true` stands in the table [publish] of the configuration, and in a folder of files.
#[derive(Debug, clap::Args)]
pub struct Publish {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Advisory(Box<Advisory>),
    Sbom(Sbom),
    /// Drafts, and what became of them
    List,
    Show(Show),
    Approve(Approve),
    Withdraw(Withdraw),
    Folder(Folder),
    Key(Keys),
    SignAgain(SignAgain),
}

/// Draft a document: from an advisory of the office, from decisions, or from a CSAF document in a file
///
/// It is held against the tests of CSAF 2.0: what a mandatory test says refuses it, what an optional one says is told. An identifier that
/// was published before gets its next version.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin publish advisory --from-own NCA-2026-1\n  underpin publish advisory --from-decisions --id NCA-VEX-2026-1 --cve CVE-2021-44228"
)]
struct Advisory {
    /// A file with a CSAF 2.0 document; its publisher, history and mark are made anew
    #[arg(value_name = "FILE", required_unless_present_any = ["from_own", "from_decisions"])]
    file: Option<PathBuf>,
    /// An advisory of the office; several become a document each
    #[arg(long, value_name = "ID", num_args = 1.., conflicts_with_all = ["file", "from_decisions"])]
    from_own: Vec<String>,
    /// Decisions that hold for the whole government, as statements (VEX)
    #[arg(long, conflicts_with = "file", requires = "id")]
    from_decisions: bool,
    /// Only decisions about these vulnerabilities
    #[arg(long, value_name = "NAME", num_args = 1.., requires = "from_decisions")]
    cve: Vec<String>,
    /// Only decisions about these packages
    #[arg(long, value_name = "PURL", num_args = 1.., requires = "from_decisions")]
    package: Vec<String>,
    /// Tracking identifier; that of the advisory or of the file when not given
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Title
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// Language, as en or de
    #[arg(long, value_name = "LANGUAGE", default_value = "")]
    language: String,
    /// What is new in this version
    #[arg(long, value_name = "TEXT", default_value = "")]
    summary: String,
    /// How far it may be passed on; only what is clear is offered to everybody
    #[arg(long, value_name = "LABEL", default_value = "clear")]
    tlp: Tlp,
}

/// Draft the parts list of a release: CycloneDX or SPDX, read before it is kept
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  underpin publish sbom bom.cdx.json --about portal --release 2.1.0")]
struct Sbom {
    /// The parts list
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The product
    #[arg(long, value_name = "NAME", required = true)]
    about: String,
    /// Its release
    #[arg(long, value_name = "VERSION", required = true)]
    release: String,
    /// What is new in this version of the list
    #[arg(long, value_name = "TEXT", default_value = "")]
    summary: String,
    /// How far it may be passed on
    #[arg(long, value_name = "LABEL", default_value = "clear")]
    tlp: Tlp,
}

/// One draft, with its files and its digest
#[derive(Debug, clap::Args)]
struct Show {
    /// Its name: the tracking identifier
    #[arg(value_name = "NAME")]
    name: String,
    /// csaf or sbom
    #[arg(long, value_name = "KIND", default_value = "csaf")]
    kind: PublicationKind,
    /// Write its files into a folder
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Approve a draft that somebody else wrote: it is dated, signed and published
#[derive(Debug, clap::Args)]
struct Approve {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// The digest of the draft that you read, as `publish show` tells it
    #[arg(long, value_name = "SHA-256", required = true)]
    digest: String,
    /// csaf or sbom
    #[arg(long, value_name = "KIND", default_value = "csaf")]
    kind: PublicationKind,
}

/// Take a draft back; of what is published, draft a version that says so
#[derive(Debug, clap::Args)]
struct Withdraw {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Why; everybody reads it
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
    /// csaf or sbom
    #[arg(long, value_name = "KIND", default_value = "csaf")]
    kind: PublicationKind,
}

/// Write what everybody may fetch into a folder, for a server of files: the same bytes as `underpin serve` gives
#[derive(Debug, clap::Args)]
struct Folder {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Publish {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match self.what {
            What::Advisory(asked) => asked.run(context, &house).await?,
            What::Sbom(asked) => asked.run(context, &house).await?,
            What::List => list(context, &house).await?,
            What::Show(asked) => asked.run(context, &house).await?,
            What::Approve(asked) => {
                let author = context.author(&house).await?;
                one(&house.approve_publication(&author, (asked.kind, &asked.name), &asked.digest).await?)
            }
            What::Withdraw(asked) => asked.run(context, &house).await?,
            What::Folder(asked) => {
                context.known("write what is published")?;
                let files = house.write_site(&asked.folder, context.author(&house).await?.at).await?;
                let json = serde_json::json!({ "folder": asked.folder, "files": files });
                let head =
                    format!("{} written into {}.", counted(files as u64, "file", "files"), asked.folder.display());
                Answer { head: vec![head], json, ..Answer::default() }
            }
            What::Key(keys) => keys.run(context, &house).await?,
            What::SignAgain(asked) => asked.run(context, &house).await?,
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Advisory {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let author = context.author(house).await?;
        if self.id.is_some() && self.from_own.len() > 1 {
            return Err(usage("several advisories become a document each", "leave --id out, or name one advisory"));
        }
        let asked = |id: String| DraftAsked {
            id,
            title: self.title.clone(),
            language: self.language.clone(),
            tlp: self.tlp,
            summary: self.summary.clone(),
        };
        let mut drafted = Vec::new();
        if let Some(file) = &self.file {
            let bytes = std::fs::read(file).map_err(|error| OfficeError::file(file, &error))?;
            let id = self
                .id
                .clone()
                .or_else(|| own_id(&bytes))
                .ok_or_else(|| usage("the document has no tracking identifier", "name one with --id"))?;
            drafted.push(house.draft_document(&author, &bytes, asked(id)).await?);
        } else if self.from_decisions {
            let decisions = DecisionsAsked { vulnerabilities: self.cve.clone(), packages: self.package.clone() };
            let id = self.id.clone().unwrap_or_default();
            drafted.push(house.draft_from_decisions(&author, &decisions, asked(id)).await?);
        }
        for own in &self.from_own {
            let id = self.id.clone().unwrap_or_else(|| own.clone());
            drafted.push(house.draft_from_own(&author, own, asked(id)).await?);
        }
        Ok(told(&drafted, "csaf"))
    }
}

/// The tracking identifier that a document gives itself.
fn own_id(bytes: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.pointer("/document/tracking/id")?.as_str().map(str::to_owned)
}

impl Sbom {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let bytes = std::fs::read(&self.file).map_err(|error| OfficeError::file(&self.file, &error))?;
        let asked = SbomAsked { about: self.about, release: self.release, summary: self.summary, tlp: self.tlp };
        let drafted = house.draft_sbom(&context.author(house).await?, &bytes, asked).await?;
        Ok(told(&[drafted], "sbom"))
    }
}

/// What was drafted, and what comes next.
fn told(drafted: &[Drafted], kind: &str) -> Answer {
    let json = serde_json::json!({ "rows": drafted });
    let kind = if kind == "csaf" { String::new() } else { format!(" --kind {kind}") };
    let mut notes = Vec::new();
    for one in drafted {
        notes.extend(one.remarks.iter().cloned());
        if one.left_out > 0 {
            notes.push(format!(
                "{} left out: they hold for a part of the government, or name no package.",
                counted(one.left_out as u64, "decision was", "decisions were")
            ));
        }
        notes.push(format!(
            "Nobody else reads it yet. Another person approves it: underpin publish approve '{}'{kind} --digest {}",
            one.name, one.digest
        ));
    }
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &["name", "version", "digest", "left_out"],
        head: vec![format!("{} drafted.", counted(drafted.len() as u64, "document", "documents"))],
        columns: columns(&["name", "version", "digest"]),
        cells: drafted.iter().map(|one| vec![one.name.clone(), one.version.to_string(), one.digest.clone()]).collect(),
        notes,
    }
}

const FIELDS: [&str; 10] =
    ["kind", "name", "version", "state", "tlp", "withdraws", "title", "author", "ended_by", "digest"];

async fn list(context: &Context, house: &House) -> Result<Answer> {
    let found = house.publications(&context.desk(house).await?).await?;
    let waiting = found.rows.iter().filter(|row| row.state == PublicationState::Draft).count() as u64;
    let json = serde_json::to_value(&found).unwrap_or_default();
    let cell = |row: &PublicationRow| {
        vec![
            row.kind.as_str().to_owned(),
            row.name.clone(),
            row.version.to_string(),
            row.state.as_str().to_owned(),
            row.tlp.to_owned(),
            row.author.clone(),
            dash(row.ended_by.as_deref().unwrap_or_default()),
            row.title.clone(),
        ]
    };
    Ok(Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &FIELDS,
        head: vec![format!(
            "{}, of which {waiting} waiting for approval.",
            counted(found.rows.len() as u64, "draft", "drafts")
        )],
        columns: columns(&["kind", "name", "version", "state", "TLP", "author", "approved or taken back by", "title"]),
        cells: found.rows.iter().map(cell).collect(),
        notes: found.notices.iter().map(noticed).collect(),
    })
}

/// What somebody has to look at, in words.
fn noticed(notice: &PublishNotice) -> String {
    let day = notice.day.map(|day| day.date().to_string()).unwrap_or_default();
    let about = &notice.about;
    match notice.code {
        "security-txt-over" => {
            format!("security.txt ended on {day} and is served no more: write a later `expires` into the settings.")
        }
        "security-txt-ends" => format!("security.txt ends on {day}: write a later `expires` into the settings."),
        "security-txt-unsigned" => "security.txt is served without a signature: underpin publish sign-again".to_owned(),
        "key-missing" => {
            format!("The secret half of the key {about} is not where it should lie: nothing can be signed.")
        }
        "key-revoked" => {
            format!("The key {about} is revoked: make another one with underpin publish key new --replace")
        }
        _ => format!("Signed with a revoked key: {about}. Sign anew: underpin publish sign-again"),
    }
}

impl Show {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let row = house.publication(&context.desk(house).await?, self.kind, &self.name).await?;
        let mut answer = one(&row);
        if let Some(folder) = &self.output {
            std::fs::create_dir_all(folder).map_err(|error| OfficeError::file(folder, &error))?;
            for file in &row.files {
                let form = format!("{:?}", file.form).to_lowercase();
                let path = folder.join(format!("{form}-{}", file.name));
                std::fs::write(&path, &file.text).map_err(|error| OfficeError::file(&path, &error))?;
                answer.notes.push(format!("Written: {}", path.display()));
            }
        }
        Ok(answer)
    }
}

fn one(row: &PublicationRow) -> Answer {
    let json = serde_json::to_value(row).unwrap_or_default();
    let mut head = vec![
        format!("{} (version {}, TLP:{}): {}", row.name, row.version, row.tlp.to_uppercase(), row.state.as_str()),
        row.title.clone(),
        format!("Drafted by {} on {}; digest {}", row.author, row.drafted.date(), row.digest),
    ];
    if let (Some(who), Some(at)) = (&row.ended_by, row.ended) {
        let what = if row.state == PublicationState::Approved { "Approved" } else { "Taken back" };
        head.push(format!(
            "{what} by {who} on {}{}",
            at.date(),
            if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) }
        ));
    }
    Answer {
        rows: vec![json.clone()],
        json,
        fields: &FIELDS,
        head,
        columns: columns(&["file", "bytes", "signed"]),
        cells: row
            .files
            .iter()
            .map(|file| {
                let signed = if file.signature.is_empty() { "no" } else { "yes" };
                vec![file.name.clone(), file.text.len().to_string(), signed.to_owned()]
            })
            .collect(),
        notes: Vec::new(),
    }
}

impl Withdraw {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let author = context.author(house).await?;
        match house.withdraw_publication(&author, (self.kind, &self.name), &self.reason).await? {
            Some(drafted) => Ok(told(&[drafted], self.kind.as_str())),
            None => Ok(one(&house.publication(&context.desk_at(house, None).await?, self.kind, &self.name).await?)),
        }
    }
}
