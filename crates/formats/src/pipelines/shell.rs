// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What commands of a script fetch and run, and what of it is not pinned.
//!
//! A name with a version can be given other content later; only a digest cannot. For Go the check sums of its modules do the same.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

use super::commands::{of_command, program};
use super::installs::{fetched, image, perhaps_unpinned, unpinned, verifies};
use super::words::{Command, commands};
use super::{at, image_pinned};

/// Words that stand before the command that counts.
const BEFORE: &[&str] =
    &["time", "exec", "then", "do", "else", "if", "elif", "while", "until", "!", "{", "(", "run", "command"];
/// Programs that run the command behind their own options.
const WRAPPERS: &[&str] = &[
    "sudo", "doas", "env", "nice", "ionice", "nohup", "xargs", "timeout", "stdbuf", "setsid", "xvfb-run", "retry",
    "unbuffer", "chronic", "gosu", "time",
];
/// Options of them whose value is the next word.
const WRAPPER_VALUES: &[&str] = &[
    "-u", "-g", "-U", "-h", "-n", "-c", "-k", "-s", "-I", "-L", "-P", "-C", "-p", "-S", "--user", "--group", "--signal",
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
    "invoke-expression",
    "powershell",
];
/// Commands of one pipe that are looked at.
const PIPE_LENGTH: usize = 16;
/// A script that is read.
pub(super) struct Script<'a> {
    pub(super) path: &'a str,
    /// The code under which tests are noted; `None` where nobody runs the script as a pipeline.
    pub(super) tests: Option<FaultCode>,
    /// Whether it is what a pipeline does, not a script that somebody may start.
    pub(super) is_pipeline: bool,
    /// Whether what it installs counts; else a person has to look whether a build does it.
    pub(super) is_built: bool,
}

impl Script<'_> {
    /// Notes what a script does; its first line is the given line of the file.
    pub(super) fn read(&self, text: &str, first_line: u32, out: &mut BuildFacts) {
        let all = commands(text);
        let mut is_never = false;
        let mut taken = Taken::default();
        for (place, command) in all.iter().enumerate() {
            let line = first_line.saturating_add(command.line);
            is_never = is_never_from(is_never, &command.words);
            let own = counting(&command.words);
            let Some(first) = own.first().map(|word| program(word)) else { continue };
            let words = &with_fed(own, &command.words);
            if self.is_pipeline && !is_never {
                let is_excused = all.get(place + 1).is_some_and(excuses);
                for code in of_command(words) {
                    let tests = self.tests.filter(|_| !is_excused).unwrap_or(FaultCode::RunsTests);
                    let code = if code == FaultCode::RunsTests { tests } else { code };
                    out.sign(at(self.path, code, line));
                }
            }
            let fed = command.is_piped && RUNNERS.contains(&first.as_str()) && is_fed_by_download(&all, place);
            if fed || runs_download(words, &first) || taken.runs(words, &first) {
                self.fetched(at(self.path, FaultCode::DownloadRun, line), out);
            }
            if let Some(installer) = unpinned(words, &first) {
                self.fetched(at(self.path, FaultCode::UnpinnedInstall, line).about(installer), out);
            } else if let Some(installer) = perhaps_unpinned(words, &first) {
                out.open(at(self.path, FaultCode::UnpinnedInstall, line).about(installer));
            }
            if let Some((image, is_fetched)) =
                image(words, &first).filter(|(image, _)| !taken.built.iter().any(|built| built == image))
            {
                match (image_pinned(image), is_fetched) {
                    (Some(true), _) => {}
                    (Some(false), true) => self.fetched(at(self.path, FaultCode::UnpinnedImage, line), out),
                    // It may have been built here, under this name.
                    _ => out.open(at(self.path, FaultCode::UnpinnedImage, line)),
                }
            }
            taken.note(words);
        }
    }

    fn fetched(&self, fault: Fault, out: &mut BuildFacts) {
        if self.is_built { out.fault(fault) } else { out.open(fault) }
    }
}

/// What the commands of a script so far have fetched and built.
#[derive(Default)]
struct Taken {
    files: Vec<String>,
    built: Vec<String>,
}

impl Taken {
    fn note(&mut self, words: &[String]) {
        if words.first().is_some_and(|word| fetches(word)) {
            self.files.extend(fetched(words));
        } else if verifies(words) {
            self.files.clear();
        }
        let is_build = words.iter().any(|word| word == "build");
        for pair in words.windows(2).filter(|_| is_build) {
            if let [option, name] = pair
                && matches!(option.as_str(), "-t" | "--tag")
            {
                self.built.push(name.clone());
            }
        }
    }

    /// Whether a command runs a file that was fetched, and that nothing was held against.
    fn runs(&self, words: &[String], first: &str) -> bool {
        let is_taken = |word: &String| self.files.iter().any(|file| word.trim_start_matches("./") == file);
        let is_runner = RUNNERS.contains(&first) || matches!(first, "source" | ".");
        let script = words.iter().skip(1).find(|word| !word.starts_with('-'));
        words.first().is_some_and(|word| word.starts_with("./") && is_taken(word))
            || is_runner && script.is_some_and(is_taken)
    }
}

/// The words of a command; what xargs adds to them is one word more, which nobody knows.
fn with_fed(own: &[String], whole: &[String]) -> Vec<String> {
    let before = whole.get(..whole.len().saturating_sub(own.len())).unwrap_or_default();
    let fed = before.iter().any(|word| program(word) == "xargs").then(|| "{}".to_owned());
    own.iter().cloned().chain(fed).collect()
}

/// Whether what follows a command hides that it failed (`|| true`).
fn excuses(next: &Command) -> bool {
    let words: Vec<&str> = next.words.iter().map(String::as_str).collect();
    next.is_otherwise && matches!(words.as_slice(), ["true" | ":" | "echo" | "printf", ..] | ["exit", "0"])
}

/// Whether a command stands where nothing ever runs: between `if false` and its `fi`.
fn is_never_from(is_never: bool, words: &[String]) -> bool {
    let is_word = |place: usize, word: &str| words.get(place).is_some_and(|own| own == word);
    if is_never { !is_word(0, "fi") && !is_word(0, "else") } else { is_word(0, "if") && is_word(1, "false") }
}

/// The words from the program that counts.
fn counting(words: &[String]) -> &[String] {
    let mut from = 0;
    while let Some(word) = words.get(from) {
        let name = word.trim_start_matches(['(', '{', '@', '-']);
        if WRAPPERS.contains(&program(word).as_str()) {
            from += 1 + options(words.get(from + 1..).unwrap_or_default());
        } else if BEFORE.contains(&word.as_str()) || name.is_empty() || is_variable(name) {
            from += 1;
        } else {
            break;
        }
    }
    words.get(from..).unwrap_or_default()
}

/// How many words are options of a wrapper, their values, variables or spans of time.
fn options(words: &[String]) -> usize {
    let mut count = 0;
    while let Some(word) = words.get(count) {
        let is_span = word.starts_with(|letter: char| letter.is_ascii_digit());
        if word.starts_with('-') {
            count += 1 + usize::from(WRAPPER_VALUES.contains(&word.as_str()));
        } else if is_span || is_variable(word) {
            count += 1;
        } else {
            break;
        }
    }
    count
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
    matches!(
        program(word).as_str(),
        "curl" | "wget" | "iwr" | "irm" | "invoke-webrequest" | "invoke-restmethod" | "aria2c"
    )
}

/// Whether a command runs what it fetches itself, without a pipe.
fn runs_download(words: &[String], first: &str) -> bool {
    let fetch = |text: &str| {
        ["$(curl ", "$(wget ", "`curl ", "`wget ", "<(curl ", "<(wget "].iter().any(|start| text.contains(start))
    };
    let is_runner = RUNNERS.contains(&first) || matches!(first, "source" | "." | "eval");
    is_runner && fetch(&format!("{} ", words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(FaultCode, u32)> {
        let mut out = BuildFacts::default();
        Script { path: "a.sh", tests: None, is_pipeline: false, is_built: true }.read(text, 1, &mut out);
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

    fn open(text: &str) -> Vec<FaultCode> {
        let mut out = BuildFacts::default();
        Script { path: "a.sh", tests: None, is_pipeline: false, is_built: true }.read(text, 1, &mut out);
        out.undecided.iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn what_is_fetched_first_and_run_later_is_found() {
        for text in [
            "wget -q https://x.example/i.sh -O i.sh && sh i.sh",
            "curl -o i.sh https://x.example/i.sh; chmod +x i.sh; ./i.sh",
            "curl -LO https://x.example/i.sh; bash i.sh -y",
            "irm https://x.example/i.ps1 | iex",
        ] {
            assert_eq!(faults(text), [(FaultCode::DownloadRun, 1)], "{text}");
        }
        for text in [
            "curl -o i.sh https://x.example/i.sh; sha256sum -c sums; sh i.sh",
            "curl -o data.json https://x.example/data.json; sh own.sh data.json",
        ] {
            assert!(faults(text).is_empty(), "{text}");
        }
        assert_eq!(faults("docker pull alpine:3"), [(FaultCode::UnpinnedImage, 1)]);
        assert!(faults("docker build -t x . && docker run --rm -e A=b x y").is_empty());
    }

    #[test]
    fn what_no_command_tells_is_left_open() {
        for text in [
            "npx eslint .",
            "uvx ruff check",
            "pipx run black .",
            "uv tool install x",
            "gem install rails",
            "cargo install ripgrep",
            "brew install x",
            "conda install numpy",
            "poetry add x",
            "yarn add x",
            "$PIP install x",
            "go install example.org/x@$VERSION",
            "go install example.org/x@${{ env.VERSION }}",
        ] {
            assert_eq!((faults(text), open(text)), (vec![], vec![FaultCode::UnpinnedInstall]), "{text}");
        }
        assert_eq!(open("docker run --rm -v a:b alpine sh"), [FaultCode::UnpinnedImage]);
        for text in [
            "cargo install --path .",
            "yarn install --frozen-lockfile",
            "gem build x",
            "uv sync",
            "docker build -t x . && docker run x",
        ] {
            assert!(faults(text).is_empty() && open(text).is_empty(), "{text}");
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
            "sudo -H pip3 install a",
            "sudo -u app pip install a",
            "timeout 60 pip install a",
            "echo a | xargs pip install",
            "nohup npm install -g x",
            "env A=b pip install a",
            "dotnet tool install -g x",
            "dotnet add package x",
            "nuget install x",
            "if true; then pip install a; fi",
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
