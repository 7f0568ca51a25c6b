// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where settings come from: `underpin.toml`, then the environment, then flags. Each value knows its origin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use underpin_model::Limits;
use underpin_office::intake::SignatureRules;
use underpin_office::law::LawSettings;
use underpin_office::messages::MailConfiguration;
use underpin_office::people::OpenidConfiguration;
use underpin_office::publish::{KeyText, PublishSettings, SecretPlace};
use underpin_office::regulator::AcceptanceRules;
use underpin_office::role_model::open_data::OpenDataRules;
use underpin_office::watch::fetch::{Network, host};
use underpin_office::{DeadlineRules, InvalidStore, OfficeError, Result, Settings, StoreLocation};

use crate::configuration_shown::{acceptance, open_data, publish, signatures};
pub use crate::origin::Origin;

/// The configuration file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// Data directory.
    pub data: Option<PathBuf>,
    /// Ledger: a path or a PostgreSQL URL.
    pub ledger: Option<String>,
    /// Where evidence and segments are kept: a folder, or the address of a bucket.
    pub store: Option<String>,
    /// Limits that differ from the default.
    pub limits: Limits,
    /// What `watch sync` fetches, and from where.
    pub watch: Network,
    /// The server that takes mail.
    pub mail: Option<MailConfiguration>,
    /// How people come in.
    pub web: WebSettings,
    /// What everybody is told of what the government uses.
    pub open_data: OpenDataRules,
    /// Which repositories are the government's own.
    pub catalogue: CatalogueSettings,
    /// Who publishes, under which address.
    pub publish: PublishSettings,
    /// Whose signatures of documents count.
    pub signatures: SignatureRules,
    /// Rulebooks that are held against what comes in.
    pub acceptance: AcceptanceRules,
    /// Where reports to authorities are handed in.
    pub law: LawSettings,
    /// Until when findings should be dealt with, in place of the rules built in.
    pub deadlines: Option<DeadlineRules>,
}

/// The table `[web]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Whether everybody must show a second factor.
    pub require_second_factor: bool,
    /// Whether nobody is told totals of what lies beyond their reach.
    pub no_safe_totals: bool,
    /// Whether everybody sees the promises to projects that agreed to be named, without signing in.
    pub publish_promises: bool,
    /// Whether everybody reads consultations and says something, without signing in.
    pub publish_consultations: bool,
    /// Whether everybody sees the public repositories of the catalogue, without signing in.
    pub publish_catalogue: bool,
    /// Whether everybody sees there who answered for a repository, and not the agency alone.
    pub name_assessors: bool,
    /// Providers of sign-in, by name.
    pub openid: BTreeMap<String, OpenidConfiguration>,
}

/// The table `[catalogue]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueSettings {
    /// The government's organisations at forges, as `host` or `host/group`.
    pub organisations: Vec<String>,
}

/// Flags that choose where things lie.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Data directory [environment: UNDERPIN_DATA; default: ./underpin-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Ledger: a file, or a PostgreSQL URL [environment: UNDERPIN_LEDGER; default: in the data directory]
    #[arg(long, global = true, value_name = "FILE|URL")]
    pub ledger: Option<String>,
    /// Evidence and facts: a folder, or s3://, az:// or gs://BUCKET/PATH [environment: UNDERPIN_STORE; default: the data directory]
    #[arg(long, global = true, value_name = "DIR|URL")]
    pub store: Option<String>,
    /// Configuration file [environment: UNDERPIN_CONFIG; default: ./underpin.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Settings with the origin of each value.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What is in force.
    pub settings: Settings,
    /// What `watch sync` fetches, and from where.
    pub watch: Network,
    /// The server that takes mail.
    pub mail: Option<MailConfiguration>,
    /// How people come in.
    pub web: WebSettings,
    /// Name, value (secrets taken out) and origin of each.
    pub values: Vec<(String, String, Origin)>,
}

/// Brings all origins together.
///
/// # Errors
/// `invalid-configuration` with file and place.
pub fn load(flags: &Flags, environment: &dyn Fn(&str) -> Option<String>) -> Result<Configuration> {
    let file = read_file(flags, environment)?;
    let choose = |flag: Option<String>, variable: &str, file: Option<String>| match (flag, environment(variable), file)
    {
        (Some(value), _, _) => (Some(value), Origin::Flag),
        (None, Some(value), _) if !value.is_empty() => (Some(value), Origin::Environment),
        (None, _, Some(value)) => (Some(value), Origin::File),
        (None, _, None) => (None, Origin::Default),
    };
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let data = choose(flags.data.as_ref().map(text), "UNDERPIN_DATA", file.data.as_ref().map(text));
    let ledger = choose(flags.ledger.clone(), "UNDERPIN_LEDGER", file.ledger.clone());
    let store = choose(flags.store.clone(), "UNDERPIN_STORE", file.store.clone());
    let settings = Settings {
        data: PathBuf::from(data.0.clone().unwrap_or_else(|| "underpin-data".to_owned())),
        ledger: ledger.0.as_deref().map(parse_ledger).transpose()?,
        store: store.0.as_deref().map(|text| parse_store(text, environment)).transpose()?,
        limits: file.limits.clone(),
        deadlines: file.deadlines.clone().unwrap_or_default(),
        safe_totals: !file.web.no_safe_totals,
        publishes_promises: file.web.publish_promises,
        publishes_consultations: file.web.publish_consultations,
        open_data: file.open_data.clone(),
        publishes_catalogue: file.web.publish_catalogue,
        names_assessors: file.web.name_assessors,
        organisations: file.catalogue.organisations.clone(),
        publish: with_key(file.publish.clone(), environment),
        signatures: file.signatures.clone(),
        acceptance: file.acceptance.clone(),
        law: file.law.clone(),
    };
    let mut values = vec![
        ("data".to_owned(), settings.data.to_string_lossy().into_owned(), data.1),
        ("ledger".to_owned(), settings.ledger_location().to_string(), ledger.1),
        ("store".to_owned(), settings.store_location().to_string(), store.1),
    ];
    values.extend(limits(&settings.limits));
    let origin = if file.deadlines.is_some() { Origin::File } else { Origin::Default };
    values.push(("deadlines".to_owned(), deadlines(&settings.deadlines), origin));
    values.extend(watch(&file.watch));
    let mail = file.mail.as_ref().map(|mail| format!("{} by {}:{}", mail.from, mail.host, mail.port));
    let origin = if mail.is_some() { Origin::File } else { Origin::Default };
    values.push(("mail".to_owned(), mail.unwrap_or_default(), origin));
    values.extend(web(&file.web));
    values.extend(open_data(&file.open_data));
    let origin = if file.catalogue.organisations.is_empty() { Origin::Default } else { Origin::File };
    values.push(("catalogue.organisations".to_owned(), file.catalogue.organisations.join(", "), origin));
    values.extend(publish(&file.publish));
    values.extend(signatures(&file.signatures));
    values.push(acceptance(&file.acceptance));
    let law = file.law.told().into_iter();
    values.extend(law.map(|(name, value, is_set)| (name, value, if is_set { Origin::File } else { Origin::Default })));
    Ok(Configuration { settings, watch: file.watch, mail: file.mail, web: file.web, values })
}

/// What is fetched. Of addresses and secrets only the names are shown.
fn watch(network: &Network) -> Vec<(String, String, Origin)> {
    let keys = |found: Vec<&String>| found.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let files = network.authorities.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let shown = [
        ("sources", network.sources.join(", ")),
        ("addresses", keys(network.addresses.keys().collect())),
        ("csaf", network.csaf.iter().map(|address| host(address)).collect::<Vec<_>>().join(", ")),
        ("openvex", keys(network.openvex.keys().collect())),
        ("cve_changes", network.cve_changes.as_deref().map(host).unwrap_or_default()),
        ("permits", keys(network.permits.keys().collect())),
        ("credentials", keys(network.credentials.keys().collect())),
        ("authorities", files),
        ("proxy", network.proxy.as_deref().map(host).unwrap_or_default()),
        ("no_proxy", network.no_proxy.join(", ")),
    ];
    let origin = |value: &str| if value.is_empty() { Origin::Default } else { Origin::File };
    shown.into_iter().map(|(name, value)| (format!("watch.{name}"), value.clone(), origin(&value))).collect()
}

/// How people come in. Of providers names and addresses are shown, never where a secret is.
fn web(web: &WebSettings) -> Vec<(String, String, Origin)> {
    let providers: Vec<String> =
        web.openid.iter().map(|(name, one)| format!("{name} ({})", host(&one.issuer))).collect();
    let shown = [
        ("web.require_second_factor", web.require_second_factor.to_string(), web.require_second_factor),
        ("web.no_safe_totals", web.no_safe_totals.to_string(), web.no_safe_totals),
        ("web.publish_promises", web.publish_promises.to_string(), web.publish_promises),
        ("web.publish_consultations", web.publish_consultations.to_string(), web.publish_consultations),
        ("web.publish_catalogue", web.publish_catalogue.to_string(), web.publish_catalogue),
        ("web.name_assessors", web.name_assessors.to_string(), web.name_assessors),
        ("web.openid", providers.join(", "), !web.openid.is_empty()),
    ];
    let origin = |is_set: bool| if is_set { Origin::File } else { Origin::Default };
    shown.into_iter().map(|(name, value, is_set)| (name.to_owned(), value, origin(is_set))).collect()
}

/// The settings of publishing, with the key that an environment variable holds.
fn with_key(mut publish: PublishSettings, environment: &dyn Fn(&str) -> Option<String>) -> PublishSettings {
    if let Some(SecretPlace::Environment(name)) = &publish.key {
        publish.key_text = KeyText(environment(name));
    }
    publish
}

/// Rules in their order: the first that fits counts.
fn deadlines(rules: &DeadlineRules) -> String {
    rules.0.iter().map(|rule| format!("{}: {} days", rule.name, rule.days)).collect::<Vec<_>>().join("; ")
}

fn limits(limits: &Limits) -> Vec<(String, String, Origin)> {
    let now = serde_json::to_value(limits).unwrap_or_default();
    Limits::manual()
        .into_iter()
        .map(|(name, default, _)| {
            let value = now.get(name).map(ToString::to_string).unwrap_or_default();
            let origin = if value == default { Origin::Default } else { Origin::File };
            (format!("limits.{name}"), value, origin)
        })
        .collect()
}

fn parse_ledger(text: &str) -> Result<underpin_office::Location> {
    text.parse::<underpin_office::Location>().map_err(|error| {
        OfficeError::new("invalid-configuration", error.to_string())
            .hint("a ledger is a file path or postgres://user@host/database; the password may stand in PGPASSFILE")
    })
}

fn parse_store(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<StoreLocation> {
    StoreLocation::parse(text, environment).map_err(|error| {
        let (code, hint) = match &error {
            InvalidStore::Scheme(_) => {
                ("unsupported-store", "name a folder, or s3://BUCKET/PATH, az://CONTAINER/PATH or gs://BUCKET/PATH")
            }
            InvalidStore::Secrets => {
                ("invalid-configuration", "what gives access stands in the environment, as AWS_SECRET_ACCESS_KEY does")
            }
            InvalidStore::Name(_) => ("invalid-configuration", "an address is like s3://evidence/house-1"),
            InvalidStore::Plain(_) => (
                "invalid-configuration",
                "use https://, or set AWS_ALLOW_HTTP, AZURE_ALLOW_HTTP or GOOGLE_ALLOW_HTTP to true",
            ),
        };
        OfficeError::new(code, format!("store: {error}")).hint(hint)
    })
}

fn read_file(flags: &Flags, environment: &dyn Fn(&str) -> Option<String>) -> Result<File> {
    let named = flags.config.clone().or_else(|| environment("UNDERPIN_CONFIG").map(PathBuf::from));
    let path = named.clone().unwrap_or_else(|| PathBuf::from("underpin.toml"));
    match std::fs::read_to_string(&path) {
        Ok(text) => parse_file(&path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(File::default()),
        Err(error) => Err(OfficeError::file(&path, &error)),
    }
}

fn parse_file(path: &Path, text: &str) -> Result<File> {
    let file: File = toml::from_str(text).map_err(|error| {
        // Only the message and the place: the line itself may hold a password.
        let place = error.span().map_or_else(String::new, |span| place(text, span.start));
        let message = format!("{}{place}: {}", path.display(), without_values(error.message().trim()));
        OfficeError::new("invalid-configuration", message).hint("`underpin config` lists every value and its origin")
    })?;
    if let Some(Err(fault)) = file.deadlines.as_ref().map(DeadlineRules::check) {
        let message = format!("{}: deadlines: {fault}", path.display());
        return Err(OfficeError::new("invalid-configuration", message)
            .hint("each [[deadlines]] needs a name of its own and days"));
    }
    if let Err(fault) = file.law.check() {
        return Err(OfficeError::new("invalid-configuration", format!("{}: law: {fault}", path.display()))
            .hint("`underpin config` lists every value and its origin"));
    }
    if let Err(fault) = file.publish.check() {
        let message = format!("{}: publish: {fault}", path.display());
        return Err(OfficeError::new("invalid-configuration", message)
            .hint("`underpin config` lists every value and its origin"));
    }
    if let Err(fault) = file.acceptance.check() {
        let message = format!("{}: acceptance: {fault}", path.display());
        return Err(OfficeError::new("invalid-configuration", message)
            .hint("`underpin rules list` tells which rulebooks there are"));
    }
    match file.limits.zeros().first() {
        None => Ok(file),
        Some(name) => Err(OfficeError::new(
            "invalid-configuration",
            format!("{}: limits.{name} is 0: with that nothing could be done", path.display()),
        )
        .hint("leave the line away for the default, or give a number from 1 on")),
    }
}

/// A message without the values that it quotes (they may hold quotes, too); names of settings stay.
fn without_values(message: &str) -> String {
    let shown = match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) => format!("{}…{}", &message[..first], &message[last + 1..]),
        _ => message.to_owned(),
    };
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let parts = shown.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 0 || is_name(part) { part } else { "…" });
    parts.collect::<Vec<_>>().join("`")
}

/// Where in a text: line and column, as people count.
fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(", line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_default() {
        let environment = |name: &str| (name == "UNDERPIN_DATA").then(|| "from-environment".to_owned());
        let origin = |flags: &Flags| {
            let found = load(flags, &environment).expect("loads");
            (found.values[0].1.clone(), found.values[0].2)
        };
        assert_eq!(origin(&Flags::default()), ("from-environment".to_owned(), Origin::Environment));
        let flags = Flags { data: Some("from-flag".into()), ..Flags::default() };
        assert_eq!(origin(&flags), ("from-flag".to_owned(), Origin::Flag));
        let nothing = load(&Flags::default(), &|_| None).expect("loads");
        assert_eq!(nothing.values[0].2, Origin::Default);
    }

    #[test]
    fn what_is_fetched_is_configured_and_shown_without_secrets() {
        let text = "[watch]\nsources = [\"kev\", \"osv/PyPI\"]\ncsaf = [\"https://u:hunter2@supplier.example/x\"]\n\
            proxy = \"http://u:hunter2@proxy.example:3128\"\n\
            [watch.addresses]\nkev = \"https://mirror.example:8443/kev.json\"\n\
            [watch.permits.\"mirror.example\"]\nplain_http = true\nports = [8443]\n\
            [watch.credentials.\"mirror.example\"]\nbearer = { environment = \"TOKEN\" }\n";
        let file = parse_file(Path::new("underpin.toml"), text).expect("reads");
        assert_eq!(file.watch.sources, ["kev", "osv/PyPI"]);
        assert!(file.watch.permits["mirror.example"].ports.contains(&8443));
        let shown = watch(&file.watch);
        let told = |name: &str| shown.iter().find(|value| value.0 == name).map(|value| value.1.as_str());
        assert_eq!(told("watch.csaf"), Some("supplier.example"));
        assert_eq!(told("watch.credentials"), Some("mirror.example"));
        assert_eq!(told("watch.proxy"), Some("proxy.example"));
        assert!(!format!("{shown:?}").contains("hunter2"));
        let wrong = parse_file(Path::new("underpin.toml"), "[watch]\nsource = [\"kev\"]\n").expect_err("refused");
        assert_eq!(wrong.code, "invalid-configuration");
    }

    #[test]
    fn providers_of_sign_in_are_shown_without_where_their_secrets_are() {
        let text = "[web]\nrequire_second_factor = true\n[web.openid.staff]\nissuer = \"https://id.example/realm\"\n\
            client = \"underpin\"\nsecret = { file = \"/etc/hunter2\" }\nlabel = \"Staff\"\nsecond_factor = [\"mfa\"]\n\
            [[web.openid.staff.grants]]\ngroup = \"desk\"\nrole = \"analyst\"\nagency = \"tax\"\nclearance = \"restricted\"\n";
        let file = parse_file(Path::new("underpin.toml"), text).expect("reads");
        assert_eq!(file.web.openid["staff"].grants.len(), 1);
        assert_eq!(file.web.openid["staff"].login, "preferred_username");
        let shown = web(&file.web);
        let told = |name: &str| shown.iter().find(|value| value.0 == name).map(|value| (value.1.as_str(), value.2));
        assert_eq!(told("web.require_second_factor"), Some(("true", Origin::File)));
        assert_eq!(told("web.no_safe_totals"), Some(("false", Origin::Default)));
        assert_eq!(told("web.openid"), Some(("staff (id.example)", Origin::File)));
        assert!(!format!("{shown:?}").contains("hunter2"));
        for wrong in ["[web]\nsecond_factor = true\n", "[web.openid.a]\nissuer = \"x\"\n"] {
            let error = parse_file(Path::new("underpin.toml"), wrong).expect_err("refused");
            assert_eq!(error.code, "invalid-configuration", "{wrong}");
        }
    }

    #[test]
    fn the_settings_of_the_starter_kit_are_read() {
        let text = include_str!("../../office/starter-kit/underpin.toml");
        let file = parse_file(Path::new("underpin.toml"), text).expect("reads");
        assert!(file.web.require_second_factor && !file.publish.serve && file.catalogue.organisations.is_empty());
    }

    #[test]
    fn a_wrong_file_names_place_and_remedy() {
        let error = parse_file(Path::new("underpin.toml"), "[limits]\nstale_day = 1\n").expect_err("refused");
        assert_eq!(error.code, "invalid-configuration");
        assert!(error.message.contains("underpin.toml") && error.message.contains("stale_day"), "{}", error.message);
    }

    #[test]
    fn a_wrong_file_does_not_show_its_passwords() {
        for (text, place) in [
            ("legder = \"postgres://u:hunter2@h/d\"\n", "line 1, column 1"),
            ("\nledger = \"postgres://u:hunter2@h/d\n", "line 2"),
            ("ledger = postgres://u:hunter2@h/d\n", "line 1"),
            ("ledger = [\"postgres://u:hunter2@h/d\"]\n", "line 1"),
            ("ledger = \"x\"\nledger = \"postgres://u:hunter2@h/d\"\n", "line 2"),
            ("[limits]\nstale_days = \"hunter2\"\n", "line 2"),
            ("limits = \"postgres://u:\\\"hunter2\\\"@h/d\"\n", "line 1"),
            ("\"postgres://u:hunter2@h/d\" = 1\n", "line 1"),
            ("[ledger]\nurl = \"postgres://u:hunter2@h/d\"\n", "line 1"),
        ] {
            let error = parse_file(Path::new("underpin.toml"), text).expect_err("refused");
            assert!(error.message.contains(place), "{}", error.message);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn deadlines_are_the_office_s_own_and_shown() {
        let text = "[[deadlines]]\nname = \"at once\"\ndays = 2\nexploited = true\nexposure = [\"internet\"]\n\
            [[deadlines]]\nname = \"later\"\ndays = 60\npriority = \"planned\"\n";
        let file = parse_file(Path::new("underpin.toml"), text).expect("reads");
        assert_eq!(file.deadlines.as_ref().map(deadlines).as_deref(), Some("at once: 2 days; later: 60 days"));
        let nothing = load(&Flags::default(), &|_| None).expect("loads");
        let shown = nothing.values.iter().find(|(name, ..)| name == "deadlines").expect("shown");
        assert!(shown.1.contains("act now: 14 days") && shown.2 == Origin::Default, "{shown:?}");
        for wrong in ["[[deadlines]]\nname = \" \"\ndays = 1\n", "[[deadlines]]\nname = \"a\"\n"] {
            let error = parse_file(Path::new("underpin.toml"), wrong).expect_err("refused");
            assert_eq!(error.code, "invalid-configuration", "{wrong}");
        }
    }

    #[test]
    fn a_store_is_a_folder_or_a_bucket_and_shows_no_key() {
        let environment = |name: &str| match name {
            "AWS_SECRET_ACCESS_KEY" => Some("hunter2".to_owned()),
            "AWS_ENDPOINT_URL" => Some("http://store.example".to_owned()),
            _ => None,
        };
        let asked = |store: &str| load(&Flags { store: Some(store.to_owned()), ..Flags::default() }, &environment);
        for (store, shown) in
            [("elsewhere", "elsewhere"), ("file:///elsewhere", "/elsewhere"), ("az://box/a", "az://box/a")]
        {
            let found = asked(store).expect("loads");
            assert!(found.values.iter().any(|(name, value, _)| name == "store" && value == shown), "{store}");
        }
        for (store, code, hint) in [
            ("ftp://host/x", "unsupported-store", "s3://BUCKET"),
            ("s3://key:hunter2@bucket", "invalid-configuration", "environment"),
            ("s3://bucket/../x", "invalid-configuration", "s3://evidence/house-1"),
            ("s3://bucket", "invalid-configuration", "AWS_ALLOW_HTTP"),
        ] {
            let error = asked(store).expect_err("refused");
            assert_eq!(error.code, code, "{store}");
            assert!(error.hint.contains(hint) && !format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn limits_that_allow_nothing_are_refused() {
        for name in ["batch_documents", "batch_bytes", "evidence_bytes", "lock_timeout_ms", "table_rows"] {
            let error =
                parse_file(Path::new("underpin.toml"), &format!("[limits]\n{name} = 0\n")).expect_err("refused");
            assert_eq!(error.code, "invalid-configuration");
            assert!(error.message.contains(name), "{}", error.message);
        }
        for name in Limits::MAY_BE_ZERO {
            parse_file(Path::new("underpin.toml"), &format!("[limits]\n{name} = 0\n")).expect("allowed");
        }
    }

    #[test]
    fn passwords_are_never_shown() {
        for dsn in ["host=db password=hunter2 dbname=u", "user = 'a' password = 'hunter2'"] {
            let flags = Flags { ledger: Some(dsn.to_owned()), ..Flags::default() };
            let error = load(&flags, &|_| None).expect_err("no file is called so");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
        let flags = Flags { ledger: Some("postgres://office:hunter2@db.example/underpin".into()), ..Flags::default() };
        let found = load(&flags, &|_| None).expect("loads");
        assert!(found.values.iter().all(|(_, value, _)| !value.contains("hunter2")));
    }
}
