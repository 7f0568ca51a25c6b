// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The part of `registry` that changes one thing at a time, and the reorganisation of agencies.

use underpin_model::Timestamp;
use underpin_model::registry::MappingRule;
use underpin_office::Result;
use underpin_office::coordinator::registry_edit::{ChangeAnswer, Retired};
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::coordinator::registry_reform::Split;

use super::registry_flags::{AgencyFlags, DeploymentFlags, MappingFlags, SystemFlags, required};
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash};

/// Since when it holds in the world.
#[derive(Debug, clap::Args)]
pub struct From {
    /// Since when it holds in the world [default: now]
    #[arg(long = "valid-from", visible_alias = "from", value_name = "DATE")]
    from: Option<Timestamp>,
}

#[derive(Debug, clap::Subcommand)]
pub enum Change {
    /// Register one agency, system, deployment or mapping
    Add {
        #[command(subcommand)]
        what: Add,
    },
    /// Change fields; what is not named stays
    Edit {
        #[command(subcommand)]
        what: Edit,
    },
    /// Take out of use, from a moment on; the past stays
    Retire {
        #[command(subcommand)]
        what: Retire,
    },
    /// Note how many systems an agency says it has that are not registered yet
    Declare {
        /// Agency
        agency: String,
        /// Number; 0 when all are registered
        number: u64,
        #[command(flatten)]
        from: From,
    },
    /// Merge agencies into one: systems and agencies below move, the old ones end, their names lead to the new one
    Merge {
        /// Agencies that end
        #[arg(required = true, value_name = "AGENCY")]
        agencies: Vec<String>,
        /// The agency that takes over; made if missing
        #[arg(long, value_name = "AGENCY")]
        into: String,
        /// Its name, when it is new
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        from: From,
    },
    /// Split an agency: say for each part which systems and agencies below it takes over
    Split {
        /// The agency; it ends unless it is one of the parts
        agency: String,
        /// The parts; made if missing
        #[arg(long, required = true, value_delimiter = ',', value_name = "AGENCY,AGENCY")]
        into: Vec<String>,
        /// Name of a new part
        #[arg(long, value_name = "AGENCY=NAME")]
        name: Vec<String>,
        /// Systems that a part takes over
        #[arg(long, value_name = "AGENCY=SYSTEM,SYSTEM")]
        systems: Vec<String>,
        /// Agencies below that a part takes over
        #[arg(long, value_name = "AGENCY=AGENCY,AGENCY")]
        agencies: Vec<String>,
        /// The part that takes over everything else
        #[arg(long, value_name = "AGENCY")]
        rest: Option<String>,
        #[command(flatten)]
        from: From,
    },
}

#[derive(Debug, clap::Subcommand)]
pub enum Add {
    /// A ministry, agency or unit
    Agency(New<AgencyFlags>),
    /// A service that an agency runs
    System(Box<New<SystemFlags>>),
    /// A place where a system runs
    Deployment(New<DeploymentFlags>),
    /// A rule that binds documents to a system when they come in
    Mapping {
        #[command(flatten)]
        flags: MappingFlags,
        #[command(flatten)]
        from: From,
    },
}

#[derive(Debug, clap::Args)]
pub struct New<T: clap::Args> {
    /// Stable identifier [default: made from the name]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    flags: T,
    #[command(flatten)]
    from: From,
}

#[derive(Debug, clap::Args)]
pub struct Known<T: clap::Args> {
    /// Identifier, name or alias; of a deployment SYSTEM/DEPLOYMENT
    id: String,
    #[command(flatten)]
    flags: T,
    /// Empty this field
    #[arg(long, value_name = "FIELD")]
    clear: Vec<String>,
    #[command(flatten)]
    from: From,
}

#[derive(Debug, clap::Subcommand)]
pub enum Edit {
    /// A ministry, agency or unit
    Agency(Known<AgencyFlags>),
    /// A service that an agency runs
    System(Box<Known<SystemFlags>>),
    /// A place where a system runs
    Deployment(Known<DeploymentFlags>),
}

#[derive(Debug, clap::Subcommand)]
pub enum Retire {
    /// An agency with nothing below it
    Agency {
        /// Identifier, name or alias
        id: String,
        #[command(flatten)]
        from: From,
    },
    /// A system: it stays registered with the status retired and no longer counts in coverage
    System {
        /// Identifier, name or alias
        id: String,
        #[command(flatten)]
        from: From,
    },
    /// A deployment
    Deployment {
        /// SYSTEM/DEPLOYMENT
        id: String,
        #[command(flatten)]
        from: From,
    },
    /// A mapping rule, named by all it says
    Mapping {
        #[command(flatten)]
        flags: MappingFlags,
        #[command(flatten)]
        from: From,
    },
}

impl Change {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let house = context.house().await?;
        let author = context.author(&house).await?;
        let change = match self {
            Self::Add { what } => match what {
                Add::Agency(New { id, flags, from }) => {
                    let fields = required(flags.fields(), &["name"])?;
                    house.add_agency(&author, id, &fields, from.from).await?
                }
                Add::System(new) => {
                    let New { id, flags, from } = *new;
                    let fields = required(flags.fields(), &["name", "agency"])?;
                    house.add_system(&author, id, &fields, from.from).await?
                }
                Add::Deployment(New { id, flags, from }) => {
                    let fields = required(flags.fields(), &["system"])?;
                    house.add_deployment(&author, id, &fields, from.from).await?
                }
                Add::Mapping { flags, from } => {
                    let fields = required(flags.fields(), &["pattern", "system"])?;
                    house.add_mapping(&author, &fields, from.from).await?
                }
            },
            Self::Edit { what } => match what {
                Edit::Agency(Known { id, flags, clear, from }) => {
                    house.edit_agency(&author, &id, &edits(flags.fields(), clear)?, from.from).await?
                }
                Edit::System(known) => {
                    let Known { id, flags, clear, from } = *known;
                    house.edit_system(&author, &id, &edits(flags.fields(), clear)?, from.from).await?
                }
                Edit::Deployment(Known { id, flags, clear, from }) => {
                    let (system, deployment) = deployment(&id)?;
                    let fields = edits(flags.fields(), clear)?;
                    house.edit_deployment(&author, system, deployment, &fields, from.from).await?
                }
            },
            Self::Retire { what } => {
                let (retired, from) = what.understood(&context.desk(&house).await?)?;
                house.retire(&author, &retired, from).await?
            }
            Self::Declare { agency, number, from } => {
                let fields = vec![("declared_systems".to_owned(), vec![number.to_string()])];
                house.edit_agency(&author, &agency, &fields, from.from).await?
            }
            Self::Merge { agencies, into, name, from } => {
                house.merge_agencies(&author, &agencies, &into, name.as_deref(), from.from).await?
            }
            Self::Split { agency, into, name, systems, agencies, rest, from } => {
                let names = name.iter().map(|text| pair(text)).collect::<Result<_>>()?;
                let split = Split { into, names, systems: lists(&systems)?, agencies: lists(&agencies)?, rest };
                house.split_agency(&author, &agency, &split, from.from).await?
            }
        };
        house.close().await;
        Ok(answer(&change))
    }
}

impl Retire {
    fn understood(self, desk: &underpin_office::Desk) -> Result<(Retired, Option<Timestamp>)> {
        Ok(match self {
            Self::Agency { id, from } => (Retired::Agency(id), from.from),
            Self::System { id, from } => (Retired::System(id), from.from),
            Self::Deployment { id, from } => {
                let (system, deployment) = deployment(&id)?;
                (Retired::Deployment(system.to_owned(), deployment.to_owned()), from.from)
            }
            Self::Mapping { flags, from } => {
                let mut rule = MappingRule::default();
                let fields = required(flags.fields(), &["pattern", "system"])?;
                underpin_office::coordinator::registry_fields::set_all(&mut rule, &fields, desk)?;
                (Retired::Mapping(rule), from.from)
            }
        })
    }
}

fn deployment(text: &str) -> Result<(&str, &str)> {
    text.split_once('/').ok_or_else(|| usage(format!("{text:?} names no deployment"), "write SYSTEM/DEPLOYMENT"))
}

fn edits(mut fields: Fields, clear: Vec<String>) -> Result<Fields> {
    fields.extend(clear.into_iter().map(|field| (field.replace('-', "_"), Vec::new())));
    if fields.is_empty() {
        return Err(usage("nothing to change was named", "name fields with their flags, or --clear FIELD"));
    }
    Ok(fields)
}

fn pair(text: &str) -> Result<(String, String)> {
    let (left, right) = text.split_once('=').ok_or_else(|| usage(format!("{text:?} has no ="), "write AGENCY=…"))?;
    Ok((left.trim().to_owned(), right.trim().to_owned()))
}

fn lists(texts: &[String]) -> Result<Vec<(String, Vec<String>)>> {
    let list = |text: &String| {
        let (agency, items) = pair(text)?;
        Ok((agency, items.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()))
    };
    texts.iter().map(list).collect()
}

const FIELDS: [&str; 6] = ["about", "changed", "valid_from", "fields", "notes", "revision"];

fn answer(change: &ChangeAnswer) -> Answer {
    let json = serde_json::to_value(change).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &FIELDS, ..Answer::default() };
    answer.head.push(match change.changed {
        true => format!("{}: noted, holds from {} on.", change.about, change.valid_from),
        false => format!("{}: it was so already, nothing changed.", change.about),
    });
    answer.columns = columns(&["field", "before", "after"]);
    if change.changed {
        for field in change.fields.iter().filter(|field| field.before != field.after) {
            answer.cells.push(vec![field.field.clone(), dash(&field.before), dash(&field.after)]);
        }
    }
    answer.notes.clone_from(&change.notes);
    answer
}
