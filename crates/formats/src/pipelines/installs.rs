// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Commands that install what they are given, and whether a digest says what that is.

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

/// Programs that install or run packages by names, with the words after which they do; without words they always do. What they take is
/// held by lock files, by versions that cannot be changed, or by nothing: nobody can tell from the command.
const OTHERS: &[(&str, &[&str])] = &[
    ("npx", &[]),
    ("pipx", &["install", "run"]),
    ("uvx", &[]),
    ("bunx", &[]),
    ("gem", &["install"]),
    ("cargo", &["install"]),
    ("cargo-binstall", &[]),
    ("brew", &["install"]),
    ("conda", &["install", "create"]),
    ("mamba", &["install", "create"]),
    ("micromamba", &["install", "create"]),
    ("poetry", &["add"]),
    ("yarn", &["add", "dlx", "global"]),
    ("pnpm", &["add", "dlx"]),
    ("bun", &["add", "x"]),
    ("composer", &["require", "global"]),
    ("cpanm", &[]),
    ("luarocks", &["install"]),
    ("opam", &["install"]),
    ("deno", &["install"]),
    ("install-module", &[]),
    ("scoop", &["install"]),
    ("winget", &["install"]),
    ("snap", &["install"]),
    ("mise", &["install", "use"]),
    ("asdf", &["install"]),
];

/// An installer whose packages nothing in the command holds to a digest, where it cannot be told whether something else does.
pub(super) fn perhaps_unpinned(words: &[String], first: &str) -> Option<&'static str> {
    let rest: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let verb = rest.iter().find(|word| !word.starts_with(['-', '+']));
    if first.starts_with('$') && verb.is_some_and(|verb| matches!(*verb, "install" | "add" | "i")) {
        return Some("$");
    }
    if first == "uv" {
        let is_tool = matches!(rest.as_slice(), ["tool", "install" | "run", ..] | ["pip", "install", ..] | ["add", ..]);
        return (is_tool && !rest.contains(&"--require-hashes")).then_some("uv");
    }
    if first == "go" {
        let is_variable = |word: &&str| word.split_once('@').is_some_and(|(_, version)| is_variable_version(version));
        let is_fetch = matches!(verb, Some(&"install" | &"get"));
        return (is_fetch && rest.iter().any(is_variable)).then_some("go");
    }
    let (name, verbs) = OTHERS.iter().find(|(name, _)| *name == first)?;
    let is_local = rest.iter().any(|word| matches!(*word, "--path" | "--no-install" | "--no" | "--offline"));
    let is_verb = verbs.is_empty() && verb.is_some() || verb.is_some_and(|verb| verbs.contains(verb));
    (is_verb && !is_local).then_some(*name)
}

/// The image that a command runs or fetches, and whether it surely comes from a registry.
pub(super) fn image<'a>(words: &'a [String], first: &str) -> Option<(&'a str, bool)> {
    /// Options that take no value.
    const FLAGS: &[&str] = &[
        "-d",
        "-i",
        "-t",
        "-it",
        "-ti",
        "-q",
        "-P",
        "--rm",
        "--init",
        "--privileged",
        "--detach",
        "--interactive",
        "--tty",
        "--quiet",
        "--read-only",
        "--no-healthcheck",
        "--publish-all",
        "-dit",
        "-itd",
    ];
    if !matches!(first, "docker" | "podman" | "nerdctl") {
        return None;
    }
    let mut rest = words.iter().skip(1).map(String::as_str).skip_while(|word| *word == "container" || *word == "image");
    let verb = rest.next()?;
    if !matches!(verb, "run" | "pull" | "create") {
        return None;
    }
    let mut takes_value = false;
    let image = rest.find(|word| {
        if std::mem::take(&mut takes_value) {
            return false;
        }
        takes_value = word.starts_with('-') && !word.contains('=') && !FLAGS.contains(word);
        !word.starts_with('-')
    })?;
    Some((image, verb == "pull"))
}

/// The file that a command fetches into, as far as it names one.
pub(super) fn fetched(words: &[String]) -> Vec<String> {
    let name = |word: &str| word.trim_start_matches("./").to_owned();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let is_output =
            matches!(word.as_str(), "-o" | "-O" | "--output" | "--output-document" | "-outfile" | "-OutFile" | ">");
        let value = words.get(place + 1).filter(|next| is_output && !next.starts_with('-') && !next.contains("://"));
        found.extend(value.map(|value| name(value)));
        let joined = ["--output=", "--output-document=", "-o", "-O"].iter().find_map(|start| word.strip_prefix(start));
        found.extend(joined.filter(|rest| !rest.is_empty() && !rest.starts_with('-')).map(name));
        if word.contains("://") {
            let last = word.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            found.extend((!last.is_empty()).then(|| last.to_owned()));
        }
    }
    found
}

/// Whether a command holds a file against a digest or a signature.
pub(super) fn verifies(words: &[String]) -> bool {
    let line = words.join(" ").to_lowercase();
    let sums = [
        "sha256sum",
        "sha512sum",
        "shasum",
        "b2sum",
        "sha384sum",
        "openssl dgst",
        "get-filehash",
        "certutil -hashfile",
    ];
    let signatures =
        ["gpg --verify", "gpgv", "cosign verify", "minisign", "slsa-verifier", "gh attestation verify", "signify"];
    sums.iter().chain(&signatures).any(|word| line.contains(word))
}

/// The installer of a command that takes what it is given without a digest.
pub(super) fn unpinned(words: &[String], first: &str) -> Option<&'static str> {
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
        "nuget" => after(&["install"]).filter(|rest| !has_version(rest)).map(|_| "nuget"),
        "dotnet" => is_open_dotnet(names.get(1..).unwrap_or_default()).then_some("dotnet"),
        _ => None,
    }
}

fn has_version(rest: &[&str]) -> bool {
    rest.iter().any(|word| word.to_lowercase().starts_with("--version") || word.to_lowercase().starts_with("-v"))
}

/// Whether a package or a tool is added without a version.
fn is_open_dotnet(rest: &[&str]) -> bool {
    let adds = matches!(rest, ["tool", "install" | "update", ..] | ["add", "package", ..] | ["add", _, "package", ..]);
    adds && !has_version(rest)
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
    is_remote && module.contains('/') && !is_version && !is_commit && !is_variable_version(version)
}

/// Whether a version stands elsewhere (`@$VERSION`, `@${{ env.VERSION }}`).
fn is_variable_version(version: &str) -> bool {
    version.contains('$') || version.contains('{')
}
