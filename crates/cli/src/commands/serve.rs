// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::net::SocketAddr;
use std::sync::Arc;

use underpin_office::{House, OfficeError, Result};
use underpin_web::WebHouse;

use crate::context::{self, Context};

/// Where it listens unless told otherwise: on this machine only.
pub const LISTEN: &str = "127.0.0.1:8400";
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
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN)]
    listen: SocketAddr,
    /// Address by which people reach it: https://…
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator(ACTION)?;
        let house = context.house().await?;
        open(house, context, self.listen, self.public_url.as_deref()).await?;
        Ok(false)
    }
}

/// Answers until the program is told to end.
///
/// # Errors
/// `usage` for an address that would send passwords in the clear, `listen` when the address is taken.
pub async fn open(house: House, context: &Context, listen: SocketAddr, public_url: Option<&str>) -> Result<()> {
    let is_encrypted = public_url.is_some_and(|url| url.starts_with("https://"));
    if !is_encrypted && (public_url.is_some() || !listen.ip().is_loopback()) {
        return Err(OfficeError::new("usage", "passwords and inventories would cross the network in the clear")
            .hint("listen on 127.0.0.1, put a server with TLS in front and say --public-url https://…"));
    }
    let listener = tokio::net::TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| {
        OfficeError::new("listen", format!("{listen}: {error}")).hint("choose another port with --listen")
    })?;
    let listening = listener.local_addr().map_or_else(|_| listen.to_string(), |address| address.to_string());
    let url = public_url.map_or_else(|| format!("http://{listening}"), |url| url.trim_end_matches('/').to_owned());
    if let Some(key) = house.first_invitation(context.now, context::random()?).await? {
        println!("Nobody has an account yet. This link makes the first one; it works once, for three days:");
        println!("{url}/welcome/{}", key.secret());
    }
    println!("The office is open at {url} (end it with Ctrl+C)");
    let chance = Arc::new(|| context::random().unwrap_or_default());
    let web = WebHouse::new(house.clone(), is_encrypted, Arc::new(context::clock), chance);
    let served = underpin_web::serve(Arc::new(web), listener, told_to_end()).await;
    house.close().await;
    served.map_err(|error| OfficeError::new("listen", error.to_string()))
}

/// Comes true on Ctrl+C, and when the system asks the program to end.
async fn told_to_end() {
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
