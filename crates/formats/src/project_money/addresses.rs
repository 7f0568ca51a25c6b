// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which addresses are those of a project and of nobody else.
//!
//! Most accounts at platforms are those of people, and an address on somebody's home page may be the name of a person. So an
//! address is kept only where every word of it is a common one or the name of the project; of all others the platform is what is kept.

use underpin_model::limits::bounds::OWN_ADDRESS_BYTES;
use underpin_model::project_money::Platform;

/// Platforms by the end of their host.
const HOSTS: &[(&str, Platform)] = &[
    ("opencollective.com", Platform::OpenCollective),
    ("liberapay.com", Platform::Liberapay),
    ("patreon.com", Platform::Patreon),
    ("ko-fi.com", Platform::KoFi),
    ("tidelift.com", Platform::Tidelift),
    ("communitybridge.org", Platform::CommunityBridge),
    ("crowdfunding.lfx.linuxfoundation.org", Platform::LfxCrowdfunding),
    ("issuehunt.io", Platform::IssueHunt),
    ("otechie.com", Platform::Otechie),
    ("polar.sh", Platform::Polar),
    ("buymeacoffee.com", Platform::BuyMeACoffee),
    ("thanks.dev", Platform::ThanksDev),
    ("paypal.me", Platform::Paypal),
    ("paypal.com", Platform::Paypal),
    ("stripe.com", Platform::Stripe),
];
/// Hosts on which everybody has a page: that a project names one as its home says nothing about the host.
const SHARED_HOSTS: &[&str] = &[
    "github.com",
    "gitlab.com",
    "codeberg.org",
    "bitbucket.org",
    "sourceforge.net",
    "sr.ht",
    "github.io",
    "gitlab.io",
    "readthedocs.io",
    "medium.com",
    "linktr.ee",
    "google.com",
    "notion.site",
    "wordpress.com",
    "blogspot.com",
];
/// Shared hosts on which the first part of a host is a project and no account.
const PROJECT_HOSTS: &[&str] = &["readthedocs.io"];
/// Words of paths and hosts that name nobody.
const COMMON_WORDS: &[&str] = &[
    "about",
    "code-of-conduct",
    "code_of_conduct",
    "community",
    "contact",
    "contribute",
    "contributing",
    "de",
    "docs",
    "donate",
    "donation",
    "donations",
    "en",
    "foundation",
    "fund",
    "funding",
    "get-involved",
    "give",
    "governance",
    "help",
    "members",
    "membership",
    "policy",
    "portal",
    "security",
    "security-policy",
    "sponsor",
    "sponsoring",
    "sponsors",
    "sponsorship",
    "support",
    "support-us",
    "vulnerability",
    "vulnerabilities",
];
/// What follows the address of a repository on forges, up to the path of a file.
const BRANCHES: &[&str] = &["head", "main", "master", "trunk", "develop", "stable"];
/// Files and pages of a repository that speak about the project.
const OWN_FILES: &[&str] = &[
    "security",
    "contributing",
    "contribute",
    "code_of_conduct",
    "code-of-conduct",
    "governance",
    "funding",
    "readme",
    "maintainers",
    "policy",
    "advisories",
    "new",
    "issues",
    "discussions",
    "wiki",
    "docs",
    "doc",
    ".github",
    ".gitlab",
    "support",
];

/// Which project a file is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// Its key: host and path of its repository, or a package.
    pub project: &'a str,
    /// Names of organisations that may stand as payers as they are: this office and its agencies.
    pub payers: &'a [String],
}

impl About<'_> {
    /// The name of the project: letters and digits of the last part of its key.
    fn name(&self) -> String {
        let last = self.project.rsplit('/').next().unwrap_or_default();
        plain(last.split('@').next().unwrap_or_default())
    }

    /// Whether a word is the name of the project.
    pub(super) fn is_named(&self, word: &str) -> bool {
        let name = self.name();
        name.len() > 1 && plain(word) == name
    }
}

/// Letters and digits alone, small.
fn plain(text: &str) -> String {
    let text = text.strip_suffix(".git").unwrap_or(text);
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An address in parts: host in small letters, and the path. No login, question or place on the page.
pub(super) fn parts(text: &str) -> Option<(String, String)> {
    let rest = text.trim().strip_prefix("https://").or_else(|| text.trim().strip_prefix("http://"))?;
    let rest = rest.split(['?', '#']).next()?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next()?.split(':').next()?.trim_start_matches("www.").to_lowercase();
    let is_good =
        host.contains('.') && host.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter));
    let path = path.trim_matches('/').to_owned();
    (is_good && path.chars().all(|letter| letter.is_ascii_graphic())).then_some((host, path))
}

/// The platform behind an address, and the address itself where it is the project's own. `homes` are hosts that an organisation calls its
/// own.
pub(super) fn door(text: &str, about: &About<'_>, homes: &[String]) -> (Platform, Option<String>) {
    let Some((host, path)) = parts(text) else { return (Platform::Other, None) };
    if host == "github.com" && path.to_lowercase().starts_with("sponsors/") {
        return (Platform::GithubSponsors, None);
    }
    let is_below = |known: &str| host == known || host.ends_with(&format!(".{known}"));
    if let Some((known, platform)) = HOSTS.iter().find(|(known, _)| is_below(known)) {
        let is_own = *platform == Platform::OpenCollective && about.is_named(&path);
        return (*platform, is_own.then(|| format!("https://{known}/{path}")));
    }
    match own_page(&host, &path, about, homes) {
        Some(address) => (Platform::OwnPage, Some(address)),
        None => (Platform::Other, None),
    }
}

/// A page on the own host of a project or of the organisation behind it; the host alone where the path may name somebody.
pub(super) fn own_page(host: &str, path: &str, about: &About<'_>, homes: &[String]) -> Option<String> {
    let is_home = homes.iter().any(|home| home == host) && !is_below_any(host, SHARED_HOSTS);
    if !is_home && !is_own_host(host, about) {
        return None;
    }
    let path = if path.split('/').all(|word| is_common(word, about)) { path } else { "" };
    let address = format!("https://{host}/{path}");
    (address.len() <= OWN_ADDRESS_BYTES).then_some(address)
}

/// Whether a host is called after the project: `looms.example`, `docs.looms.example`, or `looms.dev` of a project `looms.dev`.
fn is_own_host(host: &str, about: &About<'_>) -> bool {
    if let Some(name) = PROJECT_HOSTS.iter().find_map(|shared| host.strip_suffix(shared)?.strip_suffix('.')) {
        return about.is_named(name);
    }
    let labels: Vec<&str> = host.split('.').collect();
    let [before @ .., name, _] = &labels[..] else { return false };
    let is_named = about.is_named(name) || about.is_named(host);
    is_named && !is_below_any(host, SHARED_HOSTS) && before.iter().all(|label| is_common(label, about))
}

/// Whether a word names nobody.
fn is_common(word: &str, about: &About<'_>) -> bool {
    let bare = word.split('.').next().unwrap_or_default().to_lowercase();
    COMMON_WORDS.contains(&bare.as_str()) || about.is_named(word)
}

fn is_below_any(host: &str, hosts: &[&str]) -> bool {
    hosts.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}

/// The same in the repository `.github` of the owner, where GitHub looks for what all projects of an owner share.
pub(super) fn below_shared_files(text: &str, about: &About<'_>) -> Option<String> {
    let owner = about.project.strip_prefix("github.com/")?.split('/').next()?;
    parts(text)?;
    below_repository(text, &About { project: &format!("github.com/{owner}/.github"), ..*about })
}

/// An address below the repository of a project: a file that speaks about it, or a page of the forge. A path alone is one of the
/// repository.
pub(super) fn below_repository(text: &str, about: &About<'_>) -> Option<String> {
    if about.project.is_empty() || about.project.starts_with("pkg:") {
        return None;
    }
    let path = match parts(text) {
        Some((host, path)) => {
            let (whole, key) = (format!("{host}/{path}"), about.project.to_lowercase());
            let head = whole.get(..key.len())?;
            let rest = whole.get(key.len()..)?.strip_prefix(".git").or(whole.get(key.len()..))?;
            if !head.eq_ignore_ascii_case(&key) || !(rest.is_empty() || rest.starts_with('/')) || !key.contains('/') {
                return None;
            }
            rest.trim_matches('/').to_owned()
        }
        None if text.contains(':') || text.contains('@') => return None,
        None => text.trim().trim_start_matches("./").trim_matches('/').to_owned(),
    };
    let words: Vec<String> = path.split('/').map(str::to_lowercase).collect();
    let begins = |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&word.as_str()));
    let after = usize::from(words.first().is_some_and(|word| word == "-"));
    let is_file = begins(words.get(after), &["blob", "tree", "raw"]) && begins(words.get(after + 1), BRANCHES);
    let rest = if is_file { &words[after + 2..] } else { &words[..] };
    let is_own = |word: &String| {
        let bare = word.trim_start_matches('.').split('.').next().unwrap_or_default();
        OWN_FILES.contains(&bare) || OWN_FILES.contains(&word.as_str())
    };
    let address = if path.is_empty() {
        format!("https://{}", about.project)
    } else {
        format!("https://{}/{path}", about.project)
    };
    (rest.iter().all(is_own) && address.len() <= OWN_ADDRESS_BYTES).then_some(address)
}

/// Whether two addresses are the same repository.
pub(super) fn is_repository(text: &str, about: &About<'_>) -> bool {
    let Some((host, path)) = parts(text) else { return false };
    let path = path.strip_suffix(".git").unwrap_or(&path);
    format!("{host}/{path}").eq_ignore_ascii_case(about.project)
}
