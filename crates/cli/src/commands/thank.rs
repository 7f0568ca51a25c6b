// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::limits::bounds::CONTACT_TEXT_BYTES;
use underpin_office::Result;
use underpin_office::supporter::Weights;
use underpin_office::supporter::thanks::ThankWish;

use super::contact::{Speaker, text_of};
use super::contact_show::request;
use crate::context::Context;
use crate::output::print;

/// Thank a project with a true sentence, such as "23 services of 4 agencies rely on your work"
///
/// Only services of agencies that agreed are counted, and only agencies that agreed can be named (`underpin contact consent`); of others
/// nothing is told. The words are a draft as all others: another person approves them, and a person sends them.
#[derive(Debug, clap::Args)]
pub struct Thank {
    /// Its repository, a package of it, or the last part of one of these
    #[arg(value_name = "PROJECT")]
    project: String,
    #[command(flatten)]
    speaker: Speaker,
    /// A file with words of your own that follow the sentence
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// An agency to name, of those that agreed; can be given several times
    #[arg(long = "named", value_name = "AGENCY")]
    named: Vec<String>,
}

impl Thank {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("write to projects")?;
        let house = context.existing().await?;
        let desk = context.desk_at(&house, None).await?;
        let ranking = desk.ranking(&Weights::default())?;
        let named = self.named.iter().map(|name| Ok(desk.agency_called(name)?.id.clone()));
        let wish = ThankWish {
            words: self.text.as_deref().map(|file| text_of(file, CONTACT_TEXT_BYTES)).transpose()?.unwrap_or_default(),
            named: named.collect::<Result<_>>()?,
            agency: self.speaker.agency(&desk)?,
            author_name: self.speaker.author_name.clone(),
            complaints: self.speaker.complaints.clone(),
            assistance: self.speaker.assistance,
            project: self.project,
        };
        let row = house.thank(&context.author(&house).await?, &desk, &ranking, wish).await?;
        print(&request(&row), context.printing())?;
        Ok(row.says.reason.is_some())
    }
}
