// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All commands: one list, one file each.

mod add;
mod audit;
mod backup;
mod catalogue;
mod catalogue_assess;
mod catalogue_show;
mod check;
mod check_sbom;
mod collect;
mod collect_script;
mod commitment;
mod compact;
mod completions;
mod config;
mod conformity;
mod consultation;
mod contact;
mod contact_consent;
mod contact_show;
mod contract;
mod coverage;
mod decisions;
pub(crate) mod demo;
mod dependency_assessment;
mod diff;
mod disclosure;
mod doctor;
mod documents;
mod dossier;
mod draft_law;
#[cfg(test)]
mod examples;
mod exemption;
mod explain;
mod export;
mod facts;
mod findings;
mod formats;
mod funding;
mod guidelines;
mod had;
mod how;
mod incident;
mod incident_clock;
mod incident_clock_show;
mod incident_show;
mod jobs;
mod law;
mod law_answers;
mod law_requests;
mod law_show;
mod mail;
mod man;
mod mandate;
mod messages;
mod migrate;
mod open_data;
mod outcome;
mod own_rules;
mod people;
mod people_token;
mod plan;
mod priorities;
mod project;
mod project_risk;
mod project_standing;
mod publish;
mod publish_keys;
mod purge;
mod rebuild;
mod reference;
mod registry;
mod registry_change;
mod registry_flags;
mod reply;
mod report;
mod restore;
mod roles;
mod round;
mod rules;
mod rules_check;
mod rules_diff;
mod rules_pack;
mod rules_simulate;
mod rules_waive;
mod serve;
mod signals;
mod simulate;
mod simulate_continent;
mod skills;
mod sql;
mod starter_kit;
mod support;
mod thank;
mod upgrades;
mod upstream;
mod usage;
mod verify;
mod watch;
mod watch_advisories;
mod watch_bundle;
mod watch_changes;
mod watch_progress;
mod what;
mod where_used;
mod worker;

use clap::{Parser, Subcommand};
use underpin_office::Result;

use crate::context::{Context, Global};

/// Columns of help, in a wide terminal and in the manual alike.
const HELP_WIDTH: usize = 110;

/// Open source care for governments: what is used, where exactly, how, and how much of the government the answer covers.
#[derive(Debug, Parser)]
#[command(name = "underpin", version, max_term_width = HELP_WIDTH, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Add(add::Add),
    Documents(documents::Documents),
    Registry(Box<registry::Registry>),
    What(what::What),
    Where(where_used::Where),
    How(how::How),
    Coverage(coverage::CoverageCommand),
    Usage(usage::Usage),
    Priorities(priorities::Priorities),
    Project(project::Project),
    Signals(signals::Signals),
    OpenData(open_data::OpenDataCommand),
    StarterKit(starter_kit::StarterKit),
    Check(Box<check::Check>),
    Verify(verify::Verify),
    #[command(flatten)]
    Regulator(Regulator),
    Catalogue(Box<catalogue::Catalogue>),
    Exemption(exemption::Exemptions),
    Plan(plan::Plan),
    Publish(publish::Publish),
    Facts(facts::Facts),
    Commitment(commitment::Commitments),
    Funding(funding::Funding),
    Skills(skills::Skills),
    Outcome(outcome::Outcomes),
    Contact(contact::Contacts),
    Thank(thank::Thank),
    Disclosure(disclosure::Disclosures),
    Upstream(upstream::Upstream),
    Dossier(dossier::Dossier),
    Reply(reply::Reply),
    #[command(flatten)]
    OfCompass(OfCompass),
    Watch(watch::Watch),
    Findings(Box<findings::Findings>),
    Decisions(decisions::Decisions),
    #[command(flatten)]
    UnderTheLaw(UnderTheLaw),
    Round(round::Rounds),
    Mail(mail::Mails),
    Upgrades(upgrades::Upgrades),
    Support(support::Support),
    Had(had::Had),
    Diff(diff::Diff),
    Sql(sql::Sql),
    Export(export::Export),
    Serve(serve::Serve),
    People(people::People),
    Messages(messages::Messages),
    Migrate(migrate::Migrate),
    Demo(demo::Demo),
    Formats(formats::Formats),
    Explain(explain::Explain),
    Config(config::Config),
    #[command(flatten)]
    OfProgram(OfProgram),
    Simulate(simulate::Simulate),
    Bench(crate::bench::Bench),
    Purge(purge::Purge),
    Audit(audit::Audit),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Rebuild(rebuild::Rebuild),
    Compact(compact::Compact),
    Collect(collect::Collect),
    #[command(flatten)]
    OfWorkers(OfWorkers),
}

/// Work that any of several processes may do.
#[derive(Debug, Subcommand)]
pub enum OfWorkers {
    Worker(worker::Worker),
    Jobs(jobs::Jobs),
}

impl OfWorkers {
    async fn run(self, context: &Context) -> Result<bool> {
        match self {
            Self::Worker(command) => command.run(context).await,
            Self::Jobs(command) => command.run(context).await,
        }
    }
}

/// Rules, and what they are judged by.
#[derive(Debug, Subcommand)]
pub enum Regulator {
    CheckSbom(check_sbom::CheckSbom),
    Rules(rules::Rules),
    Contract(Box<contract::Contracts>),
    DependencyAssessment(dependency_assessment::DependencyAssessmentCommand),
    DraftLaw(draft_law::DraftLawCommand),
}

impl Regulator {
    async fn run(self, context: &Context) -> Result<bool> {
        match self {
            Self::CheckSbom(command) => command.run(context).await,
            Self::Rules(command) => command.run(context).await,
            Self::Contract(command) => command.run(context).await,
            Self::DependencyAssessment(command) => command.run(context).await,
            Self::DraftLaw(command) => command.run(context),
        }
    }
}

/// By which mandate the office works, in which roles, and whom it hears.
#[derive(Debug, Subcommand)]
pub enum OfCompass {
    Mandate(mandate::Mandates),
    Roles(roles::Roles),
    Consultation(consultation::Consultations),
    Guidelines(guidelines::Guidelines),
    Report(report::Reports),
}

impl OfCompass {
    async fn run(self, context: &Context) -> Result<bool> {
        match self {
            Self::Mandate(command) => command.run(context).await,
            Self::Roles(command) => command.run(context).await,
            Self::Consultation(command) => command.run(context).await,
            Self::Guidelines(command) => command.run(context).await,
            Self::Report(command) => command.run(context).await,
        }
    }
}

/// Incidents, and what the law asks for because of them and of own products.
#[derive(Debug, Subcommand)]
pub enum UnderTheLaw {
    Incident(incident::Incidents),
    Law(law::Law),
}

impl UnderTheLaw {
    async fn run(self, context: &Context) -> Result<bool> {
        match self {
            Self::Incident(command) => command.run(context).await,
            Self::Law(command) => command.run(context).await,
        }
    }
}

/// What the program gives out of itself, without a house.
#[derive(Debug, Subcommand)]
pub enum OfProgram {
    CollectScript(collect_script::CollectScript),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(hide = true)]
    GenerateReference(reference::GenerateReference),
}

impl OfProgram {
    fn run(self) -> Result<bool> {
        match self {
            Self::CollectScript(command) => command.run(),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
            Self::GenerateReference(command) => command.run(),
        }
    }
}

/// Refuses what a command has no form for, and what who asks may not do at all.
fn allowed(command: &Command, context: &Context) -> Result<()> {
    if context.global.format.report().is_some() && !matches!(command, Command::Findings(_) | Command::Check(_)) {
        return Err(crate::output::only_findings());
    }
    match command {
        Command::Add(_) => context.known("hand in evidence"),
        Command::Demo(_) => context.operator("build the demo country"),
        Command::Bench(_) => context.operator("measure"),
        _ => Ok(()),
    }
}

/// Runs a command. True when something was found at or above `--fail-on`.
///
/// # Errors
/// What could not be answered.
pub async fn run(arguments: Arguments) -> Result<bool> {
    let context = Context::new(arguments.global)?;
    allowed(&arguments.command, &context)?;
    match arguments.command {
        Command::Add(command) => command.run(&context).await,
        Command::Documents(command) => command.run(&context).await,
        Command::Registry(command) => command.run(&context).await,
        Command::What(command) => command.run(&context).await,
        Command::Where(command) => command.run(&context).await,
        Command::How(command) => command.run(&context).await,
        Command::Coverage(command) => command.run(&context).await,
        Command::Usage(command) => command.run(&context).await,
        Command::Priorities(command) => command.run(&context).await,
        Command::Project(command) => command.run(&context).await,
        Command::Signals(command) => command.run(&context).await,
        Command::OpenData(command) => command.run(&context).await,
        Command::StarterKit(command) => command.run(&context).await,
        Command::Check(command) => command.run(&context).await,
        Command::Verify(command) => command.run(&context),
        Command::Regulator(command) => command.run(&context).await,
        Command::Catalogue(command) => command.run(&context).await,
        Command::Exemption(command) => command.run(&context).await,
        Command::Plan(command) => command.run(&context).await,
        Command::Publish(command) => command.run(&context).await,
        Command::Facts(command) => command.run(&context).await,
        Command::Funding(command) => command.run(&context).await,
        Command::Skills(command) => command.run(&context).await,
        Command::Outcome(command) => command.run(&context).await,
        Command::Commitment(command) => command.run(&context).await,
        Command::Disclosure(command) => command.run(&context).await,
        Command::Upstream(command) => command.run(&context).await,
        Command::Dossier(command) => command.run(&context).await,
        Command::Reply(command) => command.run(&context).await,
        Command::Contact(command) => command.run(&context).await,
        Command::Thank(command) => command.run(&context).await,
        Command::OfCompass(command) => command.run(&context).await,
        Command::Watch(command) => command.run(&context).await,
        Command::Findings(command) => command.run(&context).await,
        Command::Decisions(command) => command.run(&context).await,
        Command::UnderTheLaw(command) => command.run(&context).await,
        Command::Round(command) => command.run(&context).await,
        Command::Mail(command) => command.run(&context).await,
        Command::Upgrades(command) => command.run(&context).await,
        Command::Support(command) => command.run(&context).await,
        Command::Had(command) => command.run(&context).await,
        Command::Diff(command) => command.run(&context).await,
        Command::Sql(command) => command.run(&context).await,
        Command::Export(command) => command.run(&context).await,
        Command::Serve(command) => command.run(&context).await,
        Command::People(command) => command.run(&context).await,
        Command::Messages(command) => command.run(&context).await,
        Command::Migrate(command) => command.run(&context).await,
        Command::Demo(command) => command.run(context).await,
        Command::Formats(command) => command.run(&context),
        Command::Explain(command) => command.run(&context).await,
        Command::Config(command) => command.run(&context),
        Command::OfProgram(command) => command.run(),
        Command::Simulate(command) => command.run(&context).await,
        Command::Bench(command) => command.run(&context).await,
        Command::Purge(command) => command.run(&context).await,
        Command::Audit(command) => command.run(&context).await,
        Command::Doctor(command) => command.run(&context).await,
        Command::Backup(command) => command.run(&context).await,
        Command::Restore(command) => command.run(&context).await,
        Command::Rebuild(command) => command.run(&context).await,
        Command::Compact(command) => command.run(&context).await,
        Command::Collect(command) => command.run(&context).await,
        Command::OfWorkers(command) => command.run(&context).await,
    }
}
