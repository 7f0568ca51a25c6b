// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::publish::{KeyRevocation, KeyRow, MadeKey};
use underpin_office::{House, OfficeError, Result};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash};

/// The OpenPGP key that publications are signed with
#[derive(Debug, clap::Args)]
pub struct Keys {
    #[command(subcommand)]
    what: KeyWhat,
}

#[derive(Debug, clap::Subcommand)]
enum KeyWhat {
    New(NewKey),
    Revoke(RevokeKey),
    /// Public keys, the newest last; the old ones stay, for what they signed
    List,
}

/// Make a key. It lies in the data directory, or where `key` in [publish] says, readable for its owner alone
#[derive(Debug, clap::Args)]
struct NewKey {
    /// Put an older key aside; what it signed stays signed by it
    #[arg(long)]
    replace: bool,
}

/// Revoke a key: its public half is served with the revocation from now on
///
/// What it signed is believed no more: make another key, then sign again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  underpin publish key revoke 00112233445566778899AABBCCDDEEFF00112233 --reason compromised"
)]
struct RevokeKey {
    /// Its fingerprint, as `publish key list` tells it
    #[arg(value_name = "FINGERPRINT")]
    fingerprint: String,
    /// superseded, compromised or retired; everybody reads it
    #[arg(long, value_name = "WORD", default_value = "superseded")]
    reason: KeyRevocation,
    /// The revocation that was made with the key, where its secret half is lost
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

/// Sign with the key of today what another key signed, and security.txt; no word of it changes
#[derive(Debug, clap::Args)]
pub struct SignAgain {}

impl Keys {
    pub async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        match self.what {
            KeyWhat::New(new) => {
                let made = house.make_publishing_key(&context.author(house).await?, new.replace).await?;
                Ok(made_key(&made))
            }
            KeyWhat::Revoke(asked) => asked.run(context, house).await,
            KeyWhat::List => {
                let keys = house.publishing_keys().await?;
                let json = serde_json::json!({ "rows": keys });
                Ok(Answer {
                    rows: json["rows"].as_array().cloned().unwrap_or_default(),
                    json,
                    fields: &["fingerprint", "since", "revoked"],
                    head: vec![format!("{}.", counted(keys.len() as u64, "key", "keys"))],
                    columns: columns(&["fingerprint", "since", "revoked"]),
                    cells: keys.iter().map(cells).collect(),
                    notes: Vec::new(),
                })
            }
        }
    }
}

fn made_key(made: &MadeKey) -> Answer {
    let json = serde_json::to_value(made).unwrap_or_default();
    let mut notes = vec![
        format!(
            "Its secret half lies in {}. Backups do not hold it: keep a copy where nobody else reads it.",
            made.file.display()
        ),
        format!(
            "A revocation lies in {}, for the day on which the secret half is lost: keep it somewhere else.",
            made.revocation.display()
        ),
    ];
    notes.extend(made.put_aside.iter().map(|old| format!("The older one lies in {}.", old.display())));
    Answer {
        rows: vec![json.clone()],
        json,
        fields: &["fingerprint", "file"],
        head: vec![format!("A key was made: {}", made.fingerprint)],
        columns: columns(&["fingerprint"]),
        cells: vec![vec![made.fingerprint.clone()]],
        notes,
    }
}

fn cells(key: &KeyRow) -> Vec<String> {
    let revoked = key.revoked.map(|at| at.date().to_string()).unwrap_or_default();
    vec![key.fingerprint.clone(), key.since.date().to_string(), dash(&revoked)]
}

impl RevokeKey {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error));
        let certificate = self.certificate.as_ref().map(read).transpose()?;
        let author = context.author(house).await?;
        let of = (self.fingerprint.as_str(), self.reason);
        let key = house.revoke_publishing_key(&author, of, certificate.as_deref()).await?;
        let json = serde_json::to_value(&key).unwrap_or_default();
        Ok(Answer {
            rows: vec![json.clone()],
            json,
            fields: &["fingerprint", "since", "revoked"],
            head: vec![format!("The key {} is revoked.", key.fingerprint)],
            columns: columns(&["fingerprint", "since", "revoked"]),
            cells: vec![cells(&key)],
            notes: vec![
                "What it signed: underpin publish key new --replace, then underpin publish sign-again".to_owned(),
            ],
        })
    }
}

impl SignAgain {
    pub async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let names = house.sign_again(&context.author(house).await?).await?;
        let json = serde_json::json!({ "rows": names.iter().map(|name| serde_json::json!({ "name": name })).collect::<Vec<_>>() });
        Ok(Answer {
            rows: json["rows"].as_array().cloned().unwrap_or_default(),
            json,
            fields: &["name"],
            head: vec![format!("{} signed again.", counted(names.len() as u64, "publication", "publications"))],
            columns: columns(&["name"]),
            cells: names.into_iter().map(|name| vec![name]).collect(),
            notes: Vec::new(),
        })
    }
}
