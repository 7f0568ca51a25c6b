// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;

use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Show every setting, its value and where it comes from
///
/// A flag wins over the environment, that over underpin.toml, that over the default. Passwords are never shown.
#[derive(Debug, clap::Args)]
pub struct Config {
    /// Only settings that differ from the default
    #[arg(long)]
    changed: bool,
}

impl Config {
    pub fn run(self, context: &Context) -> Result<bool> {
        let mut answer = Answer {
            columns: columns(&["setting", "value", "origin"]),
            fields: &["setting", "value", "origin"],
            ..Answer::default()
        };
        for (name, value, origin) in &context.configuration.values {
            let origin = origin.to_string();
            if self.changed && origin == "default" {
                continue;
            }
            answer.rows.push(serde_json::json!({ "setting": name, "value": value, "origin": origin }));
            answer.cells.push(vec![name.clone(), value.clone(), origin]);
        }
        answer.json = answer.rows.clone().into();
        if answer.cells.is_empty() {
            answer.notes.push("every setting has its default".to_owned());
        }
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}
