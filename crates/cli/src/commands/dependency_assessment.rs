// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use underpin_model::registry::Exposure;
use underpin_office::Result;
use underpin_office::regulator::dependency_assessment::{DependencyAssessment, FILES};
use underpin_office::role_model::open_data::SafeTotal;

use crate::context::Context;
use crate::output::{Answer, columns, counted, print, write_files};

/// How the government leans on open source, for an authority: packages by systems and by who can reach them, anonymous
///
/// Modelled on Article 13(25) and recital 22 of the Cyber Resilience Act, and no fulfilment of them: those concern SBOMs of manufacturers.
/// A number is told only where more than 10 systems of two agencies stand behind it, rounded by a secret offset; what is not told may be
/// nothing or something. What is classified above internal, or in a compartment, is in no number; nor are withheld packages of the table
/// [open_data]. The same edition gives the same bytes, in a restored house, too.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin dependency-assessment\n  underpin dependency-assessment --edition 2026-01-01 --folder for-the-authority"
)]
pub struct DependencyAssessmentCommand {
    /// The edition, by its day (2026-01-01) [default: the newest]
    #[arg(long, value_name = "DAY")]
    edition: Option<String>,
    /// Write the files of the assessment (JSON, CSV) into DIR/EDITION
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl DependencyAssessmentCommand {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = house.dependency_assessment(&desk, self.edition.as_deref()).await?;
        if let Some(folder) = &self.folder {
            write(&folder.join(&found.edition), &found)?;
        }
        print(&answer(&found), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn write(folder: &Path, found: &DependencyAssessment) -> Result<()> {
    let files =
        FILES.iter().filter_map(|name| found.file(name).transpose().map(|bytes| bytes.map(|bytes| (*name, bytes))));
    write_files(folder, files)
}

fn answer(found: &DependencyAssessment) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let total = |total: SafeTotal| match total {
        SafeTotal::Nothing => "none".to_owned(),
        SafeTotal::Withheld => "not told".to_owned(),
        SafeTotal::About(count) => format!("about {count}"),
    };
    let mut head = vec![
        format!("Edition {}: {} told of.", found.edition, counted(found.packages.len() as u64, "package", "packages")),
        format!("Systems counted: {}. Contents known: {}.", total(found.systems), total(found.known)),
    ];
    head.extend(found.classes.iter().map(|class| {
        format!("  {}: {}, of which known: {}", class.class.as_str(), total(class.systems), total(class.known))
    }));
    let class_columns = Exposure::ALL.iter().map(|class| class.as_str());
    let names: Vec<&str> = ["systems", "package"].into_iter().chain(class_columns).collect();
    let mut answer = Answer {
        head,
        columns: columns(&names),
        fields: &["package", "type", "systems", "by_class"],
        rows: json["packages"].as_array().cloned().unwrap_or_default(),
        json,
        ..Answer::default()
    };
    for one in &found.packages {
        let told = one.by_class.iter().map(|told| told.map_or_else(|| "–".to_owned(), |count| count.to_string()));
        answer.cells.push([one.systems.to_string(), one.package.clone()].into_iter().chain(told).collect());
    }
    if found.is_cut {
        answer.notes.push("there are more packages than are told of at most".to_owned());
    }
    answer.notes.push(format!(
        "– is not told, and may be nothing or something; packages of {} systems or fewer, or of one agency, are not told of",
        found.method.more_than_systems
    ));
    answer.notes.push(format!("SHA-256 of the packages: {}", found.digest));
    answer
}
