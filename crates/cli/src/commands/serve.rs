// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use underpin_office::jobs::{JobKind, Stop, Tools, Worked};
use underpin_office::people::{Openid, OpenidConfiguration};
use underpin_office::watch::fetch::Outside;
use underpin_office::{House, OfficeError, Result};
use underpin_web::{Entrance, Entry, WebHouse};

use crate::context::{self, Context};

/// Where it listens unless told otherwise: on this machine only.
pub const LISTEN: &str = "127.0.0.1:8400";
/// Between two looks at what there is to do beside answering.
const LOOK_PAUSE: Duration = Duration::from_secs(5);
/// … and after one that failed.
const FAILED_PAUSE: Duration = Duration::from_secs(60);
/// How long what was begun beside answering may still take when the house is closed.
const GRACE: Duration = Duration::from_secs(3);
/// Between two rounds of writing down what was read: so much is lost when the machine breaks down.
const WRITING_PAUSE: Duration = Duration::from_secs(5);
const ROUNDS_A_MINUTE: u64 = 12;
/// What only the operator may do.
pub const ACTION: &str = "open the web house";

/// Open the web house: pages for everybody who works with the office
///
/// It listens on this machine only. For others, put a server with TLS in front (nginx, Caddy, Apache) and name its address with
/// --public-url. The first start prints a link that works once; it makes the first account. Whoever can run this program can
/// read the whole data directory.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN, env = "UNDERPIN_LISTEN", hide_env_values = true)]
    listen: SocketAddr,
    /// Address by which people reach it: https://…
    #[arg(long, value_name = "URL", env = "UNDERPIN_PUBLIC_URL", hide_env_values = true)]
    public_url: Option<String>,
    #[command(flatten)]
    operations: Operations,
}

/// What those who watch over the machine want
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Operations {
    /// Address and port for /metrics (Prometheus), /healthz and /readyz, which need no account [default: none]
    #[arg(long, value_name = "ADDRESS", env = "UNDERPIN_OPERATIONS_LISTEN", hide_env_values = true)]
    operations_listen: Option<SocketAddr>,
    /// What is written on stderr about every answered request: nothing, or one line of JSON
    #[arg(long, value_name = "FORM", default_value = "off")]
    log: Log,
    /// Whoever came to this server comes back to it, though others share its ledger: then long questions in SQL have a page
    #[arg(long, env = "UNDERPIN_SAME_SERVER", hide_env_values = true)]
    same_server: bool,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Log {
    #[default]
    Off,
    Json,
}

impl Serve {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator(ACTION)?;
        let house = context.house().await?;
        open(house, context, self.listen, self.public_url.as_deref(), &self.operations).await?;
        Ok(false)
    }
}

/// Answers until the program is told to end.
///
/// # Errors
/// `usage` for an address that would send passwords in the clear, `listen` when the address is taken.
pub async fn open(
    house: House,
    context: &Context,
    listen: SocketAddr,
    public_url: Option<&str>,
    operations: &Operations,
) -> Result<()> {
    let is_encrypted = public_url.is_some_and(|url| url.starts_with("https://"));
    if !is_encrypted && (public_url.is_some() || !listen.ip().is_loopback()) {
        return Err(OfficeError::new("usage", "passwords and inventories would cross the network in the clear")
            .hint("listen on 127.0.0.1, put a server with TLS in front and say --public-url https://…"));
    }
    let listener = bound(listen, "--listen").await?;
    let watched_at = match operations.operations_listen {
        Some(address) => Some(bound(address, "--operations-listen").await?),
        None => None,
    };
    let listening = listener.local_addr().map_or_else(|_| listen.to_string(), |address| address.to_string());
    let url = public_url.map_or_else(|| format!("http://{listening}"), |url| url.trim_end_matches('/').to_owned());
    if let Some(key) = house.first_invitation(context.now, context::random()?).await? {
        println!("Nobody has an account yet. This link makes the first one; it works once, for three days:");
        println!("{url}/welcome/{}", key.secret());
    }
    if let Some(address) = watched_at.as_ref().and_then(|listener| listener.local_addr().ok()) {
        println!("Figures for those who watch over the machine are at http://{address}/metrics");
    }
    println!("The office is open at {url} (end it with Ctrl+C)");
    tell_the_system("READY=1");
    let people_stay = operations.same_server || !house.is_shared();
    let chance = Arc::new(|| context::random().unwrap_or_default());
    let web = WebHouse::new(house.clone(), is_encrypted, Arc::new(context::clock), chance)
        .with_journal(operations.journal())
        .with_entrance(entrance(context, &url)?)
        .where_people_stay(people_stay)
        .reached_by(url.clone());
    let end = async {
        told_to_end().await;
        tell_the_system("STOPPING=1");
    };
    let tools = super::worker::tools(context, "server", vec![JobKind::Messages, JobKind::Compact], public_url)?;
    let (tell, told) = watch::channel(false);
    let working = tokio::spawn(work_beside(house.clone(), Arc::new(tools), Stop::new(told, GRACE)));
    let keeping = tokio::spawn(keep_reads(house.clone()));
    underpin_web::serve(Arc::new(web), listener, watched_at, end).await;
    // What cannot be ended in time comes back to the list by itself.
    let _ = tell.send(true);
    let _ = tokio::time::timeout(2 * GRACE, working).await;
    keeping.abort();
    // Nothing is answered any more: what was read until now is written down.
    if let Err(error) = house.write_reads().await {
        let _ = writeln!(std::io::stderr().lock(), "log of reads: {error}");
    }
    house.close().await;
    Ok(())
}

/// How people come in, by the configuration.
fn entrance(context: &Context, url: &str) -> Result<Entrance> {
    let web = &context.configuration.web;
    let provider = |(name, settings): (&String, &OpenidConfiguration)| {
        let environment = |name: &str| std::env::var(name).ok();
        let outside = Outside { edge: Arc::new(context.outside()), environment: &environment };
        Openid::new(name, settings.clone(), url, &context.configuration.watch, outside)
    };
    let providers = web.openid.iter().map(provider).collect::<Result<_>>()?;
    Ok(Entrance { providers, require_second_factor: web.require_second_factor })
}

/// Sends what is new and puts small files together, in turn with all others who do the same, as long as the house is open.
async fn work_beside(house: House, tools: Arc<Tools>, mut stop: Stop) {
    let mut is_known = false;
    while !stop.is_told() {
        let worked = match is_known {
            true => house.work_once(&tools, stop.clone()).await.map(Option::unwrap_or_default),
            false => house.keep_up(&tools).await.map(|()| Worked::default()),
        };
        is_known |= worked.is_ok();
        let (fault, pause) = match worked {
            Ok(worked) if worked.fault.is_empty() => (None, LOOK_PAUSE),
            Ok(worked) => (Some(format!("{}: {}", worked.kind, worked.fault)), LOOK_PAUSE),
            Err(error) => (Some(format!("jobs: {error}")), FAILED_PAUSE),
        };
        if let Some(fault) = fault {
            // Where nobody reads it, the list of jobs tells the same.
            let _ = writeln!(std::io::stderr().lock(), "{fault}");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.told() => {}
        }
    }
}

/// Writes down what was read every few seconds, and throws away what is old once a minute, as long as the house is open.
pub async fn keep_reads(house: House) {
    for round in 1_u64.. {
        tokio::time::sleep(WRITING_PAUSE).await;
        let written = house.write_reads().await;
        let kept = match round % ROUNDS_A_MINUTE {
            0 => house.forget_old_reads(context::clock()).await.map(|_| ()),
            _ => Ok(()),
        };
        if let Err(error) = written.and(kept) {
            // What could not be written is held on.
            let _ = writeln!(std::io::stderr().lock(), "log of reads: {error}");
        }
    }
}

async fn bound(address: SocketAddr, option: &str) -> Result<tokio::net::TcpListener> {
    let listener = tokio::net::TcpListener::bind(address).await;
    listener.map_err(|error| {
        OfficeError::new("listen", format!("{address}: {error}")).hint(format!("choose another port with {option}"))
    })
}

impl Operations {
    fn journal(&self) -> Option<underpin_web::Journal> {
        let Log::Json = self.log else { return None };
        let write = |entry: &Entry| {
            // A journal that cannot be written must not keep anybody from reading.
            if let Ok(line) = serde_json::to_string(entry) {
                let _ = writeln!(std::io::stderr().lock(), "{line}");
            }
        };
        Some(Arc::new(write))
    }
}

/// Tells systemd how far it is, where it asked to be told (`Type=notify`; sd_notify(3)).
pub(super) fn tell_the_system(state: &str) {
    #[cfg(unix)]
    if let Some(socket) = std::env::var_os("NOTIFY_SOCKET") {
        // Whether it listens is its own affair: the house is open all the same.
        let told = std::os::unix::net::UnixDatagram::unbound();
        let _ = told.and_then(|from| from.send_to(state.as_bytes(), socket));
    }
    #[cfg(not(unix))]
    let _ = state;
}

/// Comes true on Ctrl+C, and when the system asks the program to end.
pub async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Where signals cannot be heard, the program runs until it is killed, which loses nothing.
    let _ = interrupted.await;
}
