// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::sync::Arc;
use std::time::Instant;

use underpin_office::Result;
use underpin_office::coordinator::kept_tables::KeptTables;
use underpin_office::error::OfficeError;
use underpin_office::regulator::{Rulebook, SimulationQuery, shipped, shipped_ids};

use super::figures::Figure;
use crate::context::Context;

/// Target, in milliseconds: that of the README's table.
const SIMULATION_MS: f64 = 3_000.0;

/// Simulate rules over the house: each as a question to a house that runs, and as the first one after it was opened
///
/// A house that runs has at hand what every question needs: what is watched, the tables of the registry, who uses which package. Nothing
/// else that one simulation worked out is kept for the next. Opening the house is not measured. Each is done several times, and has to say
/// the same every time, with these at hand or without.
#[derive(Debug, clap::Args)]
pub struct Rules {
    /// Rules as RULEBOOK/RULE; all that are shipped and ask the house when not said
    #[arg(value_name = "RULE")]
    rules: Vec<String>,
    /// Times it is done
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
}

impl Rules {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let house = context.existing().await?;
        let desk = Arc::new(context.desk(&house).await?);
        let start = Instant::now();
        let watched = Arc::new(house.watch(&desk).await?);
        let mut figures = vec![Figure::of("hold what is in use against all advisories", &[start.elapsed()])];
        for (book, rule) in self.meant()? {
            let query = SimulationQuery { rule: rule.clone(), ..SimulationQuery::default() };
            let name = format!("simulate {}/{rule}", book.book.id);
            let (mut at_hand, mut anew, mut digests) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..self.rounds {
                let ready = KeptTables::of(Arc::clone(&watched));
                ready.prepare(&desk).await?;
                let kept = [(ready, &mut at_hand), (KeptTables::default(), &mut anew)];
                for (tables, times) in kept {
                    let start = Instant::now();
                    let found = house.simulate_rule(&desk, &book, &query, &tables).await?;
                    times.push(start.elapsed());
                    digests.push(found.digest);
                }
            }
            digests.dedup();
            let [digest] = &digests[..] else {
                return Err(OfficeError::new("bench", format!("{name} did not say the same every time"))
                    .hint("report it with the rule"));
            };
            figures.push(Figure::of(name.clone(), &at_hand).target("median", SIMULATION_MS).note(digest.clone()));
            figures.push(Figure::of(format!("{name}, nothing at hand"), &anew));
        }
        Ok(figures)
    }

    /// The rules that are meant, each with its book.
    fn meant(&self) -> Result<Vec<(Rulebook, String)>> {
        let mut all = Vec::new();
        for id in shipped_ids() {
            let book = shipped(id)?;
            let of_house = book.rules.iter().filter(|rule| rule.subject.is_of_the_house());
            let names: Vec<String> = of_house.map(|rule| rule.id.clone()).collect();
            all.extend(names.into_iter().map(|rule| (book.clone(), rule)));
        }
        all.retain(|(book, rule)| self.rules.is_empty() || self.rules.contains(&format!("{}/{rule}", book.book.id)));
        if all.is_empty() {
            return Err(OfficeError::new("no-rule", format!("{} names no rule", self.rules.join(", ")))
                .hint("`underpin rules list` shows all, as RULEBOOK/RULE"));
        }
        Ok(all)
    }
}
