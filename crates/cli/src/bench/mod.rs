// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

mod add;
mod bills;
mod figures;
mod load;
mod load_client;
mod load_house;
mod load_run;
mod pages;
mod pages_table;
mod process;
mod questions;
mod rules;
mod scale;
mod scale_charts;
mod scale_fit;
mod scale_house;
mod scale_page;
mod servers;
mod servers_run;
mod watch;

use underpin_office::Result;

use crate::context::Context;
use crate::output::print;

/// Measure on this machine what the README's performance table states
///
/// Times are wall-clock; memory is the largest resident size of the measured process. Baselines are measured in the same
/// run, so that ratios can be compared between machines.
#[derive(Debug, clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    what: Measured,
    /// Exit with 1 when a target is missed
    #[arg(long, global = true, value_name = "missed", value_parser = ["missed"])]
    fail_on: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Measured {
    Add(add::Add),
    Where(questions::Where),
    What(questions::What),
    Usage(questions::Usage),
    Nation(questions::Nation),
    Watch(watch::Sync),
    Bills(bills::Bills),
    Rules(rules::Rules),
    Findings(watch::Findings),
    Load(load::Load),
    Pages(pages::Pages),
    Scale(scale::Scale),
    Servers(servers::Servers),
}

impl Bench {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let figures = match &self.what {
            Measured::Pages(measured) => {
                let (answer, missed) = measured.run(context).await?;
                print(&answer, context.printing_all())?;
                return Ok(self.fail_on.is_some() && missed);
            }
            Measured::Scale(measured) => {
                print(&measured.run(context)?, context.printing_all())?;
                return Ok(false);
            }
            Measured::Add(measured) => measured.run(context)?,
            Measured::Where(measured) => measured.run(context).await?,
            Measured::What(measured) => measured.run(context).await?,
            Measured::Usage(measured) => measured.run(context).await?,
            Measured::Nation(measured) => measured.run(context).await?,
            Measured::Watch(measured) => measured.run(context)?,
            Measured::Bills(measured) => measured.run(context)?,
            Measured::Rules(measured) => measured.run(context).await?,
            Measured::Findings(measured) => measured.run(context).await?,
            Measured::Load(measured) => measured.run(context).await?,
            Measured::Servers(measured) => measured.run(context).await?,
        };
        print(&figures::answer(&figures), context.printing_all())?;
        Ok(self.fail_on.is_some() && figures.iter().any(|figure| figure.met() == Some(false)))
    }
}
