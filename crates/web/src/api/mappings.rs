// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mapping rules are tried out on what is here, and applied to what is about no system yet.

use schemars::JsonSchema;
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_model::registry::MappingField;
use underpin_office::coordinator::document_rules::RuledReport;
use underpin_office::coordinator::mapping_trial::MappingTrial;
use underpin_office::coordinator::registry_fields::Fields;

use super::call::{Call, some};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/mappings/trial" try_mapping Registry "Which documents a mapping rule fits, the newest first; nothing changes")
            .paged()
            .asks::<Rule>()
            .gives::<Paged<MappingTrial>>(),
        endpoint!(POST "/mappings/apply" apply_mappings Registry "Binds documents about no system yet by the mapping rules")
            .act(Act::HandIn)
            .gives::<RuledReport>(),
    ]
}

/// Parameters: a mapping rule, written down or not.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Pattern; `*` stands for any characters.
    #[schemars(length(min = 1))]
    pattern: String,
    /// The system.
    #[schemars(length(min = 1))]
    system: String,
    /// What is looked at; else the subject.
    on: Option<MappingField>,
    /// The deployment, where it matters.
    deployment: Option<String>,
}

impl Rule {
    fn fields(self) -> Fields {
        let mut fields = vec![
            ("on".to_owned(), vec![self.on.unwrap_or_default().as_str().to_owned()]),
            ("pattern".to_owned(), vec![self.pattern]),
            ("system".to_owned(), vec![self.system]),
        ];
        fields.extend(some(self.deployment).map(|id| ("deployment".to_owned(), vec![id])));
        fields
    }
}

async fn try_mapping(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Rule, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let mut answer = seat.desk.try_mapping(&asked.fields()).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn apply_mappings(call: Call) -> Result<Reply, Problem> {
    let author = call.author().await?;
    call.say(&call.house.house.bind_by_rules(&author).await?)
}
