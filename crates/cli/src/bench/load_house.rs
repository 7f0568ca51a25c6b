// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A fresh house with evidence in it, served by a process of its own as in real life.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use underpin_model::{DocumentId, DocumentState, EvidenceId, Timestamp, Viewer};
use underpin_office::{House, OfficeError, Result, Settings};

use super::load_client::ask;
use super::process::run;

/// The agency to which everything belongs.
pub const AGENCY: &str = "estate";
/// Whoever reads the pages.
const LOGIN: &str = "reader";
const PASSWORD: &str = "seven+geese+over+the+mint";
/// Systems, packages and vulnerabilities of which pages are read.
const DRAWN: usize = 40;
const SEED: u64 = 2_026;

/// A served house.
pub struct Served {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// The path of the link that makes the first account.
    link: Option<String>,
    peak_bytes: Option<u64>,
}

/// What programs and people need to be let in.
pub struct Keys {
    /// The token of the program that hands in.
    pub token: String,
    /// The cookie of who reads.
    pub cookie: String,
}

fn failed(what: impl std::fmt::Display) -> OfficeError {
    OfficeError::new("bench", what.to_string())
}

/// Runs this program on the house and gives what it said.
///
/// # Errors
/// When the command fails.
pub fn command(data: &Path, arguments: &[&OsStr]) -> Result<Vec<u8>> {
    let mut all: Vec<&OsStr> = ["--quiet", "--format", "json", "--data"].map(OsStr::new).to_vec();
    all.push(data.as_os_str());
    all.extend_from_slice(arguments);
    Ok(run(&all)?.output)
}

pub fn words<'w>(words: &[&'w str]) -> Vec<&'w OsStr> {
    words.iter().map(|word| OsStr::new(*word)).collect()
}

/// Fills a house with evidence and advisories.
///
/// # Errors
/// When one of the commands fails.
pub fn fill(data: &Path, evidence: &[PathBuf], advisories: &[PathBuf]) -> Result<()> {
    let mut add = words(&["add", "--as-systems", AGENCY]);
    add.extend(evidence.iter().map(|path| path.as_os_str()));
    command(data, &add)?;
    if !advisories.is_empty() {
        let mut sync = words(&["watch", "sync", "--from"]);
        sync.extend(advisories.iter().map(|path| path.as_os_str()));
        command(data, &sync)?;
    }
    Ok(())
}

/// Makes the account of a program. Gives its token.
///
/// # Errors
/// When one of the commands fails.
pub fn token(data: &Path) -> Result<String> {
    let service = ["people", "service", "builder", "--name", "Build server", "--role", "owner", "--agency", AGENCY];
    command(data, &words(&service))?;
    let token = ["people", "token", "make", "builder", "--name", "load", "--scope", "work"];
    let said: serde_json::Value = serde_json::from_slice(&command(data, &words(&token))?).unwrap_or_default();
    said["secret"].as_str().map(str::to_owned).ok_or_else(|| failed("no token was made"))
}

/// Addresses of pages of one kind.
pub type Pages = (&'static str, Vec<String>);

/// What is handed in, and which pages are read: the files that were taken, and of each kind of page as many as were drawn.
///
/// # Errors
/// `bench` when no file was taken; when the house cannot be read.
pub async fn drawn(data: &Path, now: Timestamp) -> Result<(Vec<PathBuf>, Vec<Pages>)> {
    let house = House::open_existing(Settings::embedded(data)).await?;
    let desk = house.desk(Viewer::Operator, now).await?;
    let accepted = desk.snapshot.documents.iter().filter(|record| record.state == DocumentState::Accepted);
    let files: BTreeSet<PathBuf> =
        accepted.map(|record| PathBuf::from(&record.path)).filter(|path| path.is_file()).collect();
    if files.is_empty() {
        return Err(failed("none of the files is a document by itself"));
    }
    let drawn = desk.questions(DRAWN, SEED)?;
    let watched = house.watch(&desk).await?;
    let step = (watched.vulnerabilities.len() / DRAWN).max(1);
    let vulnerabilities = watched.vulnerabilities.iter().step_by(step).take(DRAWN);
    let vulnerabilities = vulnerabilities.map(|one| format!("/vulnerabilities/{}", one.name)).collect::<Vec<_>>();
    let names = drawn.by_usage.iter().map(|purl| purl.rsplit('/').next().unwrap_or_default());
    let mut pages = vec![
        ("overview", vec!["/".to_owned()]),
        ("find", names.map(|name| format!("/find?q={}", escaped(name))).collect()),
        ("system", drawn.systems.iter().map(|id| format!("/systems/{}", escaped(id))).collect()),
        ("findings", vec!["/findings".to_owned()]),
        ("package", drawn.by_usage.iter().map(|purl| format!("/packages?purl={}", escaped(purl))).collect()),
        ("agency", vec![format!("/agencies/{AGENCY}")]),
        ("coverage", vec!["/coverage".to_owned()]),
        ("documents", vec!["/documents".to_owned()]),
    ];
    if !vulnerabilities.is_empty() {
        pages.push(("vulnerability", vulnerabilities));
    }
    drop((watched, desk));
    house.close().await;
    Ok((files.into_iter().collect(), pages))
}

/// Percent-encoding of everything that is not plain.
pub fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Served {
    /// Opens the house, at an address or (port 0) at a free one.
    ///
    /// # Errors
    /// When the process does not come up.
    pub fn start(data: &Path, listen: SocketAddr) -> Result<Self> {
        Self::start_on(data, listen, &[])
    }

    /// The same with flags that say where ledger and store lie.
    ///
    /// # Errors
    /// When the process does not come up.
    pub fn start_on(data: &Path, listen: SocketAddr, places: &[&OsStr]) -> Result<Self> {
        let program = std::env::current_exe().map_err(failed)?;
        let journal = File::options().create(true).append(true).open(journal(data)).map_err(failed)?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", &listen.to_string(), "--log", "json", "--data"])
            .arg(data)
            .args(places)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(journal)
            .spawn()
            .map_err(failed)?;
        let output = child.stdout.take();
        let mut served = Self { child, address: listen, link: None, peak_bytes: None };
        for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()) {
            let line = line.map_err(failed)?;
            if let Some(at) = line.find("/welcome/") {
                served.link = Some(line[at..].to_owned());
            }
            if let Some((_, rest)) = line.split_once("open at http://") {
                let address = rest.split_whitespace().next().and_then(|address| address.parse().ok());
                served.address = address.ok_or_else(|| failed(format!("no address in {line:?}")))?;
                return Ok(served);
            }
        }
        Err(failed("the house did not open"))
    }

    /// Opens a page of each kind once.
    ///
    /// # Errors
    /// When one is not there.
    pub fn open_each(&self, keys: &Keys, pages: &[Pages]) -> Result<()> {
        for address in pages.iter().filter_map(|(_, addresses)| addresses.first()) {
            let reply = ask(self.address, ("GET", address), &[("cookie", &keys.cookie)], &[]).map_err(failed)?;
            if reply.status != 200 {
                return Err(failed(format!("{address}: {}", reply.status)));
            }
        }
        Ok(())
    }

    /// Ends it at once, as a power cut does. Gives the largest memory it had.
    pub fn kill(&mut self) -> Option<u64> {
        self.peak_bytes = self.peak_bytes.max(super::process::peak_of(&format!("/proc/{}/status", self.child.id())));
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.peak_bytes
    }

    /// Makes the first account with the link of the first start, and signs in. Gives the cookie.
    ///
    /// # Errors
    /// When it is not let in.
    pub fn enter(&self) -> Result<String> {
        let link = self.link.as_deref().ok_or_else(|| failed("there was no link for the first account"))?;
        let post = |path: &str, form: String| {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            ask(self.address, ("POST", path), &headers, form.as_bytes()).map_err(failed)
        };
        post(link, format!("name=Reader&login={LOGIN}&password={PASSWORD}"))?;
        let entered = post("/sign-in", format!("login={LOGIN}&password={PASSWORD}"))?;
        let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| failed(format!("not signed in: {}", entered.status)))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the house writes down how it answered: beside its data.
fn journal(data: &Path) -> PathBuf {
    data.with_extension("journal")
}

/// What the house says of its own faults, each with how often it happened.
pub fn faults(data: &Path) -> BTreeMap<String, u64> {
    let mut faults = BTreeMap::new();
    for line in std::fs::read_to_string(journal(data)).unwrap_or_default().lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if entry["level"] == "error" {
            let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            *faults.entry(format!("{} {}: {}", word("route"), word("code"), word("detail"))).or_default() += 1;
        }
    }
    faults
}

/// What was acknowledged and is not there, or not with the bytes that were sent.
///
/// # Errors
/// When the house cannot be read.
pub async fn lost(data: &Path, acknowledged: &[(String, EvidenceId)], now: Timestamp) -> Result<Vec<String>> {
    let house = House::open_existing(Settings::embedded(data)).await?;
    let desk = house.desk(Viewer::Operator, now).await?;
    let bound: HashSet<DocumentId> = desk.snapshot.bindings.iter().map(|binding| binding.document).collect();
    let mut lost = Vec::new();
    for (document, evidence) in acknowledged {
        let record = document.trim_start_matches('D').parse().ok().and_then(|number| desk.document(number));
        let is_kept = record.is_some_and(|record| record.evidence == *evidence && bound.contains(&record.id));
        // Reading checks the bytes against their hash.
        if !is_kept || desk.original(*evidence).await.is_err() {
            lost.push(document.clone());
        }
    }
    drop(desk);
    house.close().await;
    Ok(lost)
}
