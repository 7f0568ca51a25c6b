// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What commands of a script fetch and run, and what of it is not pinned.
//!
//! A name with a version can be given other content later; only a digest cannot. For Go the check sums of its modules do the same.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::FaultCode;

use super::at;
use super::commands::{of_command, program};
use super::words::{Command, commands};

/// Words that stand before the command that counts.
const BEFORE: &[&str] = &[
    "sudo", "env", "time", "exec", "then", "do", "else", "if", "while", "until", "!", "{", "(", "run", "nice",
    "command", "xvfb-run",
];
/// Programs that run what they are fed.
const RUNNERS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "fish",
    "python",
    "python3",
    "node",
    "perl",
    "ruby",
    "php",
    "pwsh",
    "iex",
    "powershell",
];
/// Commands of one pipe that are looked at.
const PIPE_LENGTH: usize = 16;
/// Options of pip whose value is the next word.
const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--python-version",
    "--platform",
    "--timeout",
    "--retries",
    "--cache-dir",
    "-c",
    "--constraint",
    "--trusted-host",
    "--progress-bar",
    "--upgrade-strategy",
    "--only-binary",
    "--no-binary",
    "--src",
];

/// A script that is read.
pub(super) struct Script<'a> {
    pub(super) path: &'a str,
    /// The code under which tests are noted; `None` where nobody runs the script as a pipeline.
    pub(super) tests: Option<FaultCode>,
    /// Whether it is what a pipeline does, not a script that somebody may start.
    pub(super) is_pipeline: bool,
}

impl Script<'_> {
    /// Notes what a script does; its first line is the given line of the file.
    pub(super) fn read(&self, text: &str, first_line: u32, out: &mut BuildFacts) {
        let all = commands(text);
        for (place, command) in all.iter().enumerate() {
            let line = first_line.saturating_add(command.line);
            let words = counting(&command.words);
            let Some(first) = words.first().map(|word| program(word)) else { continue };
            if self.is_pipeline {
                for code in of_command(words) {
                    let code = if code == FaultCode::RunsTests { self.tests.unwrap_or(code) } else { code };
                    out.sign(at(self.path, code, line));
                }
            }
            let fed = command.is_piped && RUNNERS.contains(&first.as_str()) && is_fed_by_download(&all, place);
            if fed || runs_download(words, &first) {
                out.fault(at(self.path, FaultCode::DownloadRun, line));
            }
            if let Some(installer) = unpinned(words, &first) {
                out.fault(at(self.path, FaultCode::UnpinnedInstall, line).about(installer));
            }
        }
    }
}

/// The words from the program that counts.
fn counting(words: &[String]) -> &[String] {
    let is_before = |word: &String| {
        let name = word.trim_start_matches(['(', '{', '@', '-']);
        BEFORE.contains(&word.as_str()) || name.is_empty() || is_variable(name)
    };
    let from = words.iter().position(|word| !is_before(word)).unwrap_or(words.len());
    words.get(from..).unwrap_or_default()
}

fn is_variable(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

/// Whether a command of the same pipe fetches from the network.
fn is_fed_by_download(all: &[Command], place: usize) -> bool {
    let before = all.get(..=place).unwrap_or_default();
    let piped = before.iter().rev().zip(before.iter().rev().skip(1)).take(PIPE_LENGTH);
    piped
        .take_while(|(command, _)| command.is_piped)
        .any(|(_, feeder)| counting(&feeder.words).first().is_some_and(|word| fetches(word)))
}

fn fetches(word: &str) -> bool {
    matches!(program(word).as_str(), "curl" | "wget" | "iwr" | "invoke-webrequest")
}

/// Whether a command runs what it fetches itself, without a pipe.
fn runs_download(words: &[String], first: &str) -> bool {
    let fetch = |text: &str| {
        ["$(curl ", "$(wget ", "`curl ", "`wget ", "<(curl ", "<(wget "].iter().any(|start| text.contains(start))
    };
    let is_runner = RUNNERS.contains(&first) || matches!(first, "source" | "." | "eval");
    is_runner && fetch(&format!("{} ", words.join(" ")))
}

/// The installer of a command that takes what it is given without a digest.
fn unpinned(words: &[String], first: &str) -> Option<&'static str> {
    let names: Vec<&str> = words.iter().map(String::as_str).collect();
    let after = |verbs: &[&str]| {
        let place = names.iter().skip(1).position(|word| !word.starts_with('-'))? + 1;
        verbs.contains(names.get(place)?).then(|| names.get(place + 1..).unwrap_or_default())
    };
    match first {
        "pip" | "pip3" => after(&["install", "download"]).filter(|rest| is_open_pip(rest)).map(|_| "pip"),
        "python" | "python3" | "py" if matches!(names.get(1..4), Some(["-m", "pip", "install"])) => {
            is_open_pip(names.get(4..).unwrap_or_default()).then_some("pip")
        }
        "npm" => after(&["install", "i", "add", "update", "install-test", "it"]).map(|_| "npm"),
        "go" => after(&["install", "get"]).filter(|rest| rest.iter().any(|word| is_open_go(word))).map(|_| "go"),
        "choco" => after(&["install", "upgrade"])
            .filter(|rest| !rest.iter().any(|word| word.to_lowercase().starts_with("--requirechecksum")))
            .map(|_| "choco"),
        _ => None,
    }
}

/// Whether pip is given anything else than the project itself, without check sums.
fn is_open_pip(arguments: &[&str]) -> bool {
    if arguments.contains(&"--require-hashes") {
        return false;
    }
    let mut takes_value = false;
    arguments.iter().any(|word| {
        if std::mem::take(&mut takes_value) {
            return false;
        }
        if PIP_VALUES.contains(word) {
            takes_value = true;
            return false;
        }
        if matches!(*word, "-r" | "--requirement" | "--group") || word.starts_with("-r") {
            return true;
        }
        let is_own =
            word.starts_with('.') || word.starts_with('/') || word.ends_with(".whl") || word.starts_with("dist/");
        let is_redirect = word.contains('>') || word.contains('<') && !word.contains('=');
        !word.starts_with('-') && !is_own && !is_redirect
    })
}

/// Whether a module of Go is fetched without a whole version.
fn is_open_go(word: &str) -> bool {
    let (module, version) = word.split_once('@').unwrap_or((word, ""));
    let is_remote = module.split('/').next().is_some_and(|host| host.contains('.') && !host.starts_with('.'));
    let is_version = version.strip_prefix('v').is_some_and(|rest| rest.split('.').count() >= 3);
    let is_commit = version.len() >= 40 && version.chars().all(|letter| letter.is_ascii_hexdigit());
    is_remote && !is_version && !is_commit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(FaultCode, u32)> {
        let mut out = BuildFacts::default();
        Script { path: "a.sh", tests: None, is_pipeline: false }.read(text, 1, &mut out);
        out.faults.iter().map(|fault| (fault.code, fault.line.unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_fetched_and_run_is_found() {
        for text in [
            "curl -fsSL https://example.org/x | sh",
            "wget -qO- https://example.org/x | sudo bash -s -- -y",
            "bash <(curl -s https://example.org/x)",
            "sh -c \"$(curl -fsSL https://example.org/x)\"",
            "curl https://example.org/x | tee y | python3 -",
        ] {
            assert_eq!(faults(text), [(FaultCode::DownloadRun, 1)], "{text}");
        }
        for text in
            ["curl -o x https://example.org/x", "cat x | sh", "curl x || sh y", "echo 'curl x | sh'", "curl x | tar xz"]
        {
            assert!(faults(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_installed_without_a_digest_is_found() {
        for text in [
            "pip install requests",
            "python -m pip install -U pip",
            "pip3 install -r requirements.txt",
            "npm install",
            "npm i -g x@1",
            "go install example.org/x@latest",
            "sudo pip install a==1.2",
        ] {
            assert_eq!(faults(text), [(FaultCode::UnpinnedInstall, 1)], "{text}");
        }
        for text in [
            "pip install --require-hashes -r requirements.txt",
            "pip install -e .",
            "pip install .[dev]",
            "npm ci",
            "npm run install-all",
            "go install example.org/x@v1.2.3",
            "go install ./...",
            "pip install dist/x.whl",
            "apt-get install -y pip",
        ] {
            assert!(faults(text).is_empty(), "{text}");
        }
    }
}
