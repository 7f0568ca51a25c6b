// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;

use crate::context::Context;
use crate::output::{Answer, print};

/// Put small files of facts together into large ones; answers stay the same and come faster
#[derive(Debug, clap::Args)]
pub struct Compact {
    /// Files of one kind that may stay apart
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    at_most: usize,
}

impl Compact {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let at = house.fixed_clock().await?.unwrap_or(context.now);
        let replaced = house.compact(&context.global.viewer, self.at_most.max(1), &context.tag(), at).await?;
        let json = serde_json::json!({ "replaced": replaced });
        let head = vec![match replaced {
            0 => "nothing to put together".to_owned(),
            count => format!("{count} files were put together; `underpin collect` removes them later"),
        }];
        print(&Answer::said(head, json), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
