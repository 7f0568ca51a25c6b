// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_model::catalogue::{PutAside, Visibility};
use underpin_model::registry::AgencyId;
use underpin_office::publish::SecretPlace;
use underpin_office::role_model::RepositoryChange;
use underpin_office::role_model::catalogue::CatalogueQuery;
use underpin_office::role_model::catalogue_export::CatalogueFormat;
use underpin_office::role_model::crawl::{CloneOf, CrawlAnswer};
use underpin_office::role_model::forge::ForgeKind;
use underpin_office::role_model::forge_crawl::OrganisationWanted;
use underpin_office::watch::fetch::Outside;
use underpin_office::{Desk, House, OfficeError, Result};

use super::catalogue_assess::Assess;
use super::catalogue_show::{duplicates, list, shown};
use crate::context::{Context, usage};
use crate::output::{Answer, Format, columns, counted, print, tell, write};

/// The government's own software: which there is, what it declares, how it keeps practices, who runs it, what was built twice
#[derive(Debug, clap::Args)]
pub struct Catalogue {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Add(Add),
    Crawl(Crawl),
    List(List),
    Search(Search),
    Show(Named),
    Link(Link),
    Unlink(Link),
    Change(Change),
    Remove(Named),
    Duplicates(Duplicates),
    Aside(Aside),
    Assess(Box<Assess>),
    Export(Export),
}

/// Look at clones and write down what they declare and how they keep practices
///
/// Read are the files of the newest commit: publiccode.yml, code.json, the headline of the readme, licences, languages. Contacts and authors
/// are not kept. Nobody is called. What was said of a repository before (systems, visibility) stays.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin catalogue add forms.git --agency treasury --visibility public\n  underpin catalogue add clones/treasury --agency treasury"
)]
struct Add {
    /// Clones, or folders of clones
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Whose repositories they are
    #[arg(long, value_name = "AGENCY")]
    agency: String,
    /// Who may know of them: public, or internal to who reads at the agency
    #[arg(long, value_name = "WHO")]
    visibility: Option<Visibility>,
    /// Where the repository lies, when neither the clone nor its files say it, or say it wrongly
    #[arg(long, value_name = "URL")]
    address: Option<String>,
}

/// Look at all clones of a list, or take down what a forge lists for an organisation
///
/// The list is TOML with [[clones]], or CSV, with agency, path and visibility. A forge is called only when --organisation names it: GitHub,
/// GitLab (openCode among them), Forgejo. It tells name, description, licence, whether a repository is archived and whether everybody may
/// read it; publiccode.yml and code.json are fetched. Nothing is cloned, so how practices stand is not known until somebody looks at a
/// clone. What the forge does not show to everybody stays internal, whatever --visibility says.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin catalogue crawl --list clones.toml\n  underpin catalogue crawl --organisation https://codeberg.org/treasury --agency treasury"
)]
struct Crawl {
    /// The list; paths in it begin at its folder
    #[arg(long, value_name = "FILE", required_unless_present = "organisation", conflicts_with = "organisation")]
    list: Option<PathBuf>,
    /// Address of an organisation, group or account at a forge
    #[arg(long, value_name = "URL", requires = "agency")]
    organisation: Option<String>,
    /// Whose repositories those are
    #[arg(long, value_name = "AGENCY", requires = "organisation")]
    agency: Option<String>,
    /// Which forge it is, where its host does not tell: github, gitlab, forgejo
    #[arg(long, value_name = "FORGE", requires = "organisation")]
    forge: Option<ForgeKind>,
    /// The file that holds a token for it
    #[arg(long, value_name = "FILE", requires = "organisation")]
    token_file: Option<PathBuf>,
    /// The environment variable that holds a token for it
    #[arg(long, value_name = "NAME", requires = "organisation", conflicts_with = "token_file")]
    token_variable: Option<String>,
    /// Who may know of those that the forge shows to everybody: public, or internal to who reads at the agency
    #[arg(long, value_name = "WHO", requires = "organisation")]
    visibility: Option<Visibility>,
    /// The forge may lie inside (private addresses), and be called over http
    #[arg(long, requires = "organisation")]
    inside: bool,
}

/// Repositories within sight
#[derive(Debug, clap::Args)]
struct List {
    /// Of this agency
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// Of this licence
    #[arg(long, value_name = "SPDX", default_value = "")]
    licence: String,
    /// In this state: concept, development, beta, stable, obsolete, unknown
    #[arg(long, value_name = "STATE", default_value = "")]
    state: String,
}

/// Repositories in whose name, description, categories or address all these words stand
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin catalogue search forms citizens")]
struct Search {
    /// Words
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    list: List,
}

/// A repository
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// Its address, in any form
    #[arg(value_name = "ADDRESS")]
    pub(super) address: String,
    /// Whose, where two agencies have written it down
    #[arg(long, value_name = "AGENCY")]
    pub(super) agency: Option<String>,
}

/// Say that a system runs a repository
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin catalogue link git.example/treasury/forms --system tax-assessment")]
struct Link {
    #[command(flatten)]
    repository: Named,
    /// The system
    #[arg(long, value_name = "SYSTEM")]
    system: String,
}

/// Say who may know of a repository, and whether everybody may read how practices stand
#[derive(Debug, clap::Args)]
struct Change {
    #[command(flatten)]
    repository: Named,
    /// public, or internal to who reads at the agency
    #[arg(long, value_name = "WHO", required_unless_present = "publish_scorecard")]
    visibility: Option<Visibility>,
    /// Whether everybody may read how practices stand, without places: yes or no
    #[arg(long, value_name = "YES", value_parser = ["yes", "no"])]
    publish_scorecard: Option<String>,
}

/// The same thing built twice by two agencies: pairs that look alike, with the reasons
#[derive(Debug, clap::Args)]
struct Duplicates {
    /// With those that an agency put aside
    #[arg(long)]
    all: bool,
}

/// Say that two repositories look alike and are not the same
#[derive(Debug, clap::Args)]
struct Aside {
    #[command(flatten)]
    repository: Named,
    /// Address of the other one
    #[arg(long, value_name = "ADDRESS")]
    other: String,
    /// Why they are not the same
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Write the catalogue, or one repository, in a format that the world reads
///
/// code.json (inventory of an agency), publiccode (feed of publiccode.yml), codemeta, citation. A publiccode.yml or code.json that a
/// repository has is given as it is, without persons. Nothing is made up: what a format asks for and nobody declared is told on standard
/// error, and that repository is left out; so is told what does not arrive.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin catalogue export --as code.json --agency treasury\n  underpin catalogue export --as publiccode --repository git.example/treasury/forms"
)]
struct Export {
    /// code.json, publiccode, codemeta or citation
    #[arg(long = "as", value_name = "FORMAT")]
    export_as: CatalogueFormat,
    /// Only of this agency
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// Only this repository
    #[arg(long, value_name = "ADDRESS")]
    repository: Option<String>,
}

pub(super) fn agency(desk: &Desk, text: Option<&str>) -> Result<Option<AgencyId>> {
    text.map(|text| desk.agency_called(text).map(|agency| agency.id.clone())).transpose()
}

impl Catalogue {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match self.what {
            What::Add(add) => Some(add.run(context, &house).await?),
            What::Crawl(crawl) => Some(crawl.run(context, &house).await?),
            What::List(asked) => Some(asked.run(context, &house, String::new()).await?),
            What::Search(asked) => Some(asked.list.run(context, &house, asked.words.join(" ")).await?),
            What::Show(asked) => {
                let desk = context.desk(&house).await?;
                let of = agency(&desk, asked.agency.as_deref())?;
                Some(shown(&house.repository(&desk, &asked.address, of.as_ref()).await?))
            }
            What::Link(link) => Some(link.run(context, &house, RepositoryChange::Link).await?),
            What::Unlink(link) => Some(link.run(context, &house, RepositoryChange::Unlink).await?),
            What::Change(change) => Some(change.run(context, &house).await?),
            What::Remove(asked) => {
                asked.change(context, &house, RepositoryChange::TakeOut).await?;
                Some(Answer::said(vec![format!("{} is out of the catalogue.", asked.address)], serde_json::json!({})))
            }
            What::Duplicates(asked) => {
                let mut found = house.duplicates(&context.desk(&house).await?).await?;
                found.rows.retain(|row| asked.all || row.put_aside.is_none());
                Some(duplicates(&found))
            }
            What::Aside(aside) => {
                let other = underpin_office::role_model::address_key(&aside.other).unwrap_or(aside.other);
                let change = RepositoryChange::PutAside(PutAside { address: other, reason: aside.reason });
                Some(aside.repository.changed(context, &house, change).await?)
            }
            What::Assess(assess) => Some(assess.run(context, &house).await?),
            What::Export(export) => export.run(context, &house).await?,
        };
        if let Some(answer) = answer {
            print(&answer, context.printing())?;
        }
        house.close().await;
        Ok(false)
    }
}

impl Named {
    async fn change(&self, context: &Context, house: &House, change: RepositoryChange) -> Result<()> {
        let desk = context.desk_at(house, None).await?;
        let of = agency(&desk, self.agency.as_deref())?;
        house.change_repository(&context.author(house).await?, (&self.address, of.as_ref()), change).await
    }

    /// The same, and how it stands then.
    async fn changed(&self, context: &Context, house: &House, change: RepositoryChange) -> Result<Answer> {
        self.change(context, house, change).await?;
        let desk = context.desk_at(house, None).await?;
        let of = agency(&desk, self.agency.as_deref())?;
        Ok(shown(&house.repository(&desk, &self.address, of.as_ref()).await?))
    }
}

impl Add {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        if self.address.is_some() && self.paths.len() > 1 {
            return Err(usage("--address is for one clone", "name the clones one by one"));
        }
        let desk = context.desk_at(house, None).await?;
        let agency = desk.agency_called(&self.agency)?.id.clone();
        let of =
            |path| CloneOf { path, agency: agency.clone(), visibility: self.visibility, address: self.address.clone() };
        let clones: Vec<CloneOf> = self.paths.into_iter().map(of).collect();
        Ok(crawled(&house.crawl(&context.author(house).await?, &clones).await?))
    }
}

impl Crawl {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let author = context.author(house).await?;
        if let (Some(address), Some(agency)) = (self.organisation, &self.agency) {
            let variable = self.token_variable.map(SecretPlace::Environment);
            let wanted = OrganisationWanted {
                address,
                kind: self.forge,
                token: self.token_file.map(SecretPlace::File).or(variable),
                is_inside: self.inside,
                agency: desk.agency_called(agency)?.id.clone(),
                visibility: self.visibility,
            };
            let outside = Outside { edge: Arc::new(context.outside()), environment: &|name| std::env::var(name).ok() };
            return Ok(crawled(&house.crawl_forge(&author, &wanted, &context.configuration.watch, outside).await?));
        }
        let list = self.list.unwrap_or_default();
        let text = std::fs::read_to_string(&list).map_err(|error| OfficeError::file(&list, &error))?;
        let named =
            |error: OfficeError| OfficeError { message: format!("{}: {}", list.display(), error.message), ..error };
        let clones = desk.clones_in(list.parent().unwrap_or(Path::new(".")), &text).map_err(named)?;
        Ok(crawled(&house.crawl(&author, &clones).await?))
    }
}

impl List {
    async fn run(self, context: &Context, house: &House, text: String) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let agency = agency(&desk, self.agency.as_deref())?.map(|agency| agency.0).unwrap_or_default();
        let query = CatalogueQuery { text, agency, licence: self.licence, state: self.state };
        Ok(list(&house.catalogue(&desk, &query).await?))
    }
}

impl Link {
    async fn run(
        self,
        context: &Context,
        house: &House,
        change: fn(underpin_model::registry::SystemId) -> RepositoryChange,
    ) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let system = desk.system_called(&self.system)?.id.clone();
        self.repository.changed(context, house, change(system)).await
    }
}

impl Change {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        if let Some(visibility) = self.visibility {
            self.repository.change(context, house, RepositoryChange::Show(visibility)).await?;
        }
        if let Some(word) = &self.publish_scorecard {
            self.repository.change(context, house, RepositoryChange::PublishScorecard(word == "yes")).await?;
        }
        let desk = context.desk_at(house, None).await?;
        let of = agency(&desk, self.repository.agency.as_deref())?;
        let found = house.repository(&desk, &self.repository.address, of.as_ref()).await?;
        let register = house.exemptions(&desk).await?.rows;
        let is_it = |address: &Option<String>| address.as_ref() == Some(&found.repository.address);
        for row in register.iter().filter(|row| row.is_public && is_it(&row.address)) {
            tell(&format!("{} is public, and the exemption {} says why it is not", found.repository.address, row.name));
        }
        Ok(shown(&found))
    }
}

impl Export {
    async fn run(self, context: &Context, house: &House) -> Result<Option<Answer>> {
        let desk = context.desk(house).await?;
        let of = agency(&desk, self.agency.as_deref())?;
        let (text, told, json) = match &self.repository {
            Some(address) => {
                let found = house.repository_file(&desk, (address, of.as_ref()), self.export_as).await?;
                let json = serde_json::to_value(&found).unwrap_or_default();
                let Some(text) = found.text else {
                    let missing = found.missing.join(", ");
                    return Err(OfficeError::new("not-declared", format!("{address} does not declare: {missing}"))
                        .hint("nothing is made up; say it in its publiccode.yml or code.json and look again"));
                };
                let told: Vec<String> = found.left_out.iter().map(|key| format!("not carried over: {key}")).collect();
                (text, told, json)
            }
            None => {
                let found = house.catalogue_export(&desk, of.as_ref(), self.export_as).await?;
                let json = serde_json::to_value(&found).unwrap_or_default();
                let out = found
                    .left_out
                    .iter()
                    .map(|one| format!("{} is left out: it does not declare {}", one.address, one.missing.join(", ")));
                let lost = found
                    .not_carried
                    .iter()
                    .map(|one| format!("{}: not carried over: {}", one.address, one.keys.join(", ")));
                (found.text, out.chain(lost).collect(), json)
            }
        };
        if context.global.format == Format::Json {
            return Ok(Some(Answer::said(Vec::new(), json)));
        }
        write(text.as_bytes())?;
        if !context.global.quiet {
            told.iter().for_each(|line| tell(line));
        }
        Ok(None)
    }
}

fn crawled(found: &CrawlAnswer) -> Answer {
    let taken = &found.taken;
    let json = serde_json::to_value(found).unwrap_or_default();
    Answer {
        head: vec![format!(
            "{}: {} new, {} changed.",
            counted(taken.found as u64, "repository", "repositories"),
            taken.new,
            taken.changed
        )],
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: &["path", "code", "message"],
        columns: columns(&["clone, repository or page", "why it is not in the catalogue"]),
        cells: found.rows.iter().map(|row| vec![row.path.clone(), row.message.clone()]).collect(),
        json,
        ..Answer::default()
    }
}
