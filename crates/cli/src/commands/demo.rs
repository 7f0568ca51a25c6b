// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::net::SocketAddr;
use std::path::PathBuf;

use underpin_office::intake::Silent;
use underpin_office::role_model::open_data::OpenDataRules;
use underpin_office::watch::estate::Watched;
use underpin_office::{Desk, Result, Settings, demo, demo_publications};

use super::{coverage, explain, how, serve, what, where_used};
use crate::context::Context;
use crate::output::{Answer, Format, Printing, print, write};

/// Where the demo lives unless told otherwise: never where real data would be.
const FOLDER: &str = "underpin-demo";

/// Rows shown of each answer of the tour.
const ROWS: usize = 6;

/// Build Norvania, a fictional country with real inventories, and take a short tour
///
/// The country, its agencies, systems and firms are fiction; the inventories are of real public packages. Its clock stands
/// still. It lives in its own data directory (./underpin-demo unless --data says otherwise).
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Only build it, no tour
    #[arg(long)]
    no_tour: bool,
    /// Instead of the tour, go step by step through an incident: log4shell or xz
    #[arg(long, value_name = "INCIDENT", conflicts_with = "no_tour")]
    drill: Option<Drill>,
    /// Instead of the tour, open the web house of Norvania
    #[arg(long, conflicts_with_all = ["no_tour", "drill"])]
    serve: bool,
    /// Address and port that it listens on
    #[arg(long, value_name = "ADDRESS", default_value = serve::LISTEN, requires = "serve")]
    listen: SocketAddr,
}

/// An incident to be practised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Drill {
    /// A flaw in a library that many programs contain (2021).
    Log4shell,
    /// A back door in a compression library (2024).
    Xz,
}

/// Shows what the public would see.
pub(crate) fn publishing(settings: &mut Settings) -> Result<()> {
    settings.publishes_promises = true;
    settings.publishes_consultations = true;
    settings.open_data = OpenDataRules { publish: true, every_months: 1, delay_days: 1, ..OpenDataRules::default() };
    settings.publishes_catalogue = true;
    settings.organisations = vec!["git.norvania.example".to_owned(), "git.aldermark.example".to_owned()];
    if settings.publish.name.is_empty() {
        settings.publish.serve = true;
        settings.publish.contact = "cert@norvania.example".to_owned();
        settings.publish.security_txt = Some(demo_publications::security_text()?);
        settings.publish.name = "Norvanian Cyber Agency".to_owned();
        settings.publish.address = "https://norvania.example".to_owned();
    }
    Ok(())
}

impl Demo {
    pub async fn run(self, mut context: Context) -> Result<bool> {
        let settings = &mut context.configuration.settings;
        let named = context.global.places.data.is_some() || std::env::var_os("UNDERPIN_DATA").is_some();
        if !named {
            settings.data = PathBuf::from(FOLDER);
        }
        let publishes = settings.publish.name.is_empty();
        publishing(settings)?;
        let data = settings.data.display().to_string();
        if self.serve {
            context.operator(serve::ACTION)?;
        }
        let house = context.house().await?;
        let built = demo::build(&house, &context.tag(), &Silent).await?;
        if publishes && built.is_some() {
            demo_publications::publish(&house).await?;
        }
        say(&match &built {
            Some(report) => format!(
                "Norvania is built in {data}: {} documents, {} uses of {} package versions.\n",
                report.accepted, report.occurrences, report.package_versions
            ),
            None => format!("Norvania is in {data} already.\n"),
        })?;
        say(
            "The country and its agencies are fiction; the inventories are of real public packages. Its clock stands at 2 March 2026.\n",
        )?;
        if self.serve {
            return serve::open(house, &context, self.listen, None, &serve::Operations::default())
                .await
                .map(|()| false);
        }
        if !self.no_tour {
            let desk = context.desk(&house).await?;
            match self.drill {
                Some(drill) => {
                    let watched = house.watch(&desk).await?;
                    practise(drill, &context, &desk, &watched, &data)?;
                }
                None => tour(&context, &desk, &data).await?,
            }
        }
        house.close().await;
        Ok(false)
    }
}

async fn tour(context: &Context, desk: &Desk, data: &str) -> Result<()> {
    let days = context.stale_days();
    let step = |number: u8, question: &str, command: &str| {
        say(&format!("\n── {number}. {question}\n   $ underpin --data {data} {command}\n\n"))
    };
    step(1, "WHERE is log4j-core used, in a version that is open to attack?", "where log4j-core --versions '<2.17.1'")?;
    show(&where_used::answer(&desk.where_used("log4j-core", Some("<2.17.1"), days)?, false))?;
    step(2, "WHAT does the tax assessment contain?", "what tax-assessment")?;
    show(&what::answer(&desk.what("tax-assessment", days)?, false))?;
    step(3, "HOW does log4j-core get into it?", "how log4j-core --in tax-assessment")?;
    show(&how::answer(&desk.how("log4j-core", "tax-assessment").await?))?;
    step(4, "How much of the government do these answers COVER?", "coverage")?;
    show(&coverage::by_agency(&desk.coverage(days)?, false))?;
    say(&format!(
        "\nGo on:\n\
         \x20  underpin --data {data} where openssl --explain            which documents say so, and which are silent\n\
         \x20  underpin --data {data} where log4j-core --as-of 2025-12-15  what was known before Christmas\n\
         \x20  underpin --data {data} diff tax-assessment --from 2025-12-15\n\
         \x20  underpin --data {data} coverage --systems\n\
         \x20  underpin demo --drill log4shell                             an incident, step by step (or: --drill xz)\n\
         \x20  underpin --data {data} sql \"SELECT * FROM package_systems ORDER BY systems DESC LIMIT 10\"\n\
         \x20  underpin --data {data} export tax-assessment --as cyclonedx-1.6\n\
         \x20  underpin demo --serve                                       the same country in a browser\n"
    ))
}

/// One question after the other, as on the day of an incident.
fn practise(drill: Drill, context: &Context, desk: &Desk, watched: &Watched, data: &str) -> Result<()> {
    let days = context.stale_days();
    let step = |number: u8, question: &str, command: &str| {
        say(&format!("\n── {number}. {question}\n   $ underpin --data {data} {command}\n\n"))
    };
    match drill {
        Drill::Log4shell => {
            step(1, "Are we affected? By whom do we not know?", "where CVE-2021-44228")?;
            show(&where_used::hit(&watched.hit(desk, "CVE-2021-44228", days)?))?;
            step(2, "Why is one system affected?", "explain lab-reporting CVE-2021-44228")?;
            show(&explain::story(&watched.explain(desk, "lab-reporting", "CVE-2021-44228")?))?;
            step(
                3,
                "And why is another one not, which uses the same library?",
                "explain tax-assessment CVE-2021-44228",
            )?;
            show(&explain::story(&watched.explain(desk, "tax-assessment", "CVE-2021-44228")?))?;
            say(&format!(
                "\nGo on:\n\
                 \x20  underpin --data {data} findings CVE-2021-44228 --explain    what to do first, and the points behind it\n\
                 \x20  underpin --data {data} how log4j-core --in lab-reporting    how it gets in\n\
                 \x20  underpin --data {data} upgrades lab-reporting               which versions to move to\n"
            ))
        }
        Drill::Xz => {
            step(1, "Are we affected? How much of the government does the answer cover?", "where CVE-2024-3094")?;
            show(&where_used::hit(&watched.hit(desk, "CVE-2024-3094", days)?))?;
            const NEWER: &str = "pkg:deb/debian/liblzma5@5.8.1-1%2Bdeb13u2?distro=debian-13&upstream=xz-utils";
            step(2, "Why is the newest release not affected?", &format!("explain '{NEWER}' CVE-2024-3094"))?;
            show(&explain::story(&watched.explain(desk, NEWER, "CVE-2024-3094")?))?;
            const OLDER: &str = "pkg:deb/debian/liblzma5@5.2.5-2.1~deb11u1?distro=debian-11&upstream=xz-utils";
            step(
                3,
                "An old version with a mended flaw: is the fix in it?",
                &format!("explain '{OLDER}' CVE-2022-1271"),
            )?;
            show(&explain::story(&watched.explain(desk, OLDER, "CVE-2022-1271")?))?;
            say(&format!(
                "\nGo on:\n\
                 \x20  underpin --data {data} where xz-utils --explain             who uses it at all, and which documents are silent\n\
                 \x20  underpin --data {data} coverage --systems                   whose evidence could not show it\n"
            ))
        }
    }
}

fn show(answer: &Answer) -> Result<()> {
    print(answer, Printing { format: Format::Table, rows: ROWS, quiet: false })
}

fn say(text: &str) -> Result<()> {
    write(text.as_bytes())
}
