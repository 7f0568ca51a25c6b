// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where analysis runs: in this process, or on a cluster whose scheduler is named. What is here is known without the cluster, too:
//! a program that was built without it says so, and answers nothing in another way than it was told to.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::LakeError;
use crate::store::{StoreLimits, StoreLocation};

/// Letters that a secret of a cluster has at least.
const SECRET_LETTERS: usize = 24;
/// An executor whose threads all work is heard of every five seconds: whoever missed two of them is lost, and nobody before.
pub const SHORTEST_SILENCE_SECONDS: u64 = 11;
/// The scheme of an engine's address.
const SCHEME: &str = "df://";

/// The address of a scheduler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineAddress {
    /// Name or number of the machine.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl FromStr for EngineAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no engine: write df://HOST:PORT");
        let (host, port) = text.strip_prefix(SCHEME).and_then(|rest| rest.rsplit_once(':')).ok_or_else(wrong)?;
        let inner = host.trim_start_matches('[').trim_end_matches(']');
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || ".-:".contains(letter);
        if inner.is_empty() || !inner.chars().all(is_letter) || (inner.contains(':') && inner == host) {
            return Err(wrong());
        }
        let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for EngineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}:{}", self.host, self.port)
    }
}

/// What everybody in a cluster knows and nobody else. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterSecret(String);

impl ClusterSecret {
    /// Takes a secret; blanks around it are no part of it.
    ///
    /// # Errors
    /// When it is so short that it could be guessed.
    pub fn new(text: &str) -> Result<Self, LakeError> {
        let text = text.trim();
        if text.len() < SECRET_LETTERS {
            let message = format!("the secret of the cluster has fewer than {SECRET_LETTERS} letters");
            return Err(LakeError::engine("engine-secret", message));
        }
        Ok(Self(text.to_owned()))
    }

    #[cfg(feature = "cluster")]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for ClusterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterSecret(…)")
    }
}

/// Certificates of one process of a cluster, as PEM: each shows its own and takes only those of the cluster's authority.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterTls {
    /// Own certificate.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: Vec<u8>,
    /// Certificate of the authority.
    pub authority: Vec<u8>,
}

impl fmt::Debug for ClusterTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterTls(…)")
    }
}

/// How a process shows that it belongs to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterKeys {
    /// What everybody in the cluster knows.
    pub secret: ClusterSecret,
    /// Certificates, where the connections are encrypted by the cluster itself.
    pub tls: Option<ClusterTls>,
}

/// An engine as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineSettings {
    /// Where its scheduler is.
    pub address: EngineAddress,
    /// How one shows that one may ask it.
    pub keys: ClusterKeys,
    /// A query that reads no more rows than this is answered in this process.
    pub small_rows: u64,
    /// Most bytes of a plan with all that it carries; a larger one is carried out in this process.
    pub plan_bytes: usize,
    /// Into how many parts large steps are divided.
    pub partitions: usize,
    /// Largest answer to a question that this program asks about everything, in bytes; a larger one is worked out in this process.
    pub answer_bytes: usize,
    /// Longest time for such a question, in milliseconds; what takes longer is worked out in this process.
    pub timeout_ms: u64,
    /// How often a query is begun at most, when the scheduler or results are lost.
    pub attempts: u32,
}

/// A scheduler as it was asked for.
#[derive(Clone, Debug)]
pub struct SchedulerSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How everybody shows that they belong to the cluster.
    pub keys: ClusterKeys,
    /// How long an executor may be silent before its work is given to others.
    pub silent_seconds: u64,
    /// How long a query waits for an executor when none is left.
    pub waiting_seconds: u64,
}

/// An executor as it was asked for.
#[derive(Clone, Debug)]
pub struct ExecutorSettings {
    /// The scheduler that it asks for work.
    pub scheduler: EngineAddress,
    /// Where it listens: others fetch there what it found.
    pub listen: SocketAddr,
    /// Under which name or number others reach it.
    pub host: String,
    /// How everybody shows that they belong to the cluster.
    pub keys: ClusterKeys,
    /// Where evidence and segments lie.
    pub store: StoreLocation,
    /// How much of a store elsewhere is kept here.
    pub limits: StoreLimits,
    /// A folder of its own, for what parts of plans find and what does not fit into memory. What lies there is removed.
    pub work: PathBuf,
    /// How many parts are worked on at a time.
    pub threads: usize,
    /// Memory of all of them together.
    pub memory_bytes: usize,
    /// Who is told of plans that it refuses.
    pub journal: fn(&str),
}

/// What becomes of a query on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was handed over and waits for its turn.
    Queued,
    /// It is worked on; so many steps are done.
    Running {
        /// Steps that are done.
        steps: usize,
    },
    /// The scheduler or results were lost; it is begun again.
    Again {
        /// Which time this is.
        attempt: u32,
    },
    /// It ended, one way or the other.
    Ended,
}

/// Who wants to know what becomes of queries.
#[derive(Clone)]
pub struct Listener(pub Arc<dyn Fn(Progress) + Send + Sync>);

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

tokio::task_local! {
    /// Who wants to know what becomes of the queries of one task.
    static WATCHING: Listener;
}

/// Does some work, and tells somebody what becomes of its queries on a cluster.
pub async fn watched<T>(listener: Listener, work: impl Future<Output = T>) -> T {
    WATCHING.scope(listener, work).await
}

/// The engine of a lake: none until one is named.
#[derive(Debug, Default)]
pub(crate) struct Engine {
    settings: std::sync::OnceLock<EngineSettings>,
    listener: std::sync::OnceLock<Listener>,
}

impl Engine {
    /// Names the engine, once.
    ///
    /// # Errors
    /// When this program was built without the cluster.
    pub fn name(&self, settings: EngineSettings) -> Result<(), LakeError> {
        if cfg!(not(feature = "cluster")) {
            let message = format!("{} cannot be asked: this program was built without the cluster", settings.address);
            return Err(LakeError::engine("engine-missing", message));
        }
        // Whoever names it twice names the same one: a house has one configuration.
        let _ = self.settings.set(settings);
        Ok(())
    }

    /// Names who wants to know what becomes of queries, once.
    pub fn tell(&self, listener: Listener) {
        let _ = self.listener.set(listener);
    }

    #[cfg(feature = "cluster")]
    pub fn settings(&self) -> Option<&EngineSettings> {
        self.settings.get()
    }

    #[cfg(feature = "cluster")]
    pub fn is_watched(&self) -> bool {
        self.listener.get().is_some() || WATCHING.try_with(|_| ()).is_ok()
    }

    #[cfg(feature = "cluster")]
    pub fn told(&self, progress: Progress) {
        // Most tasks are watched by nobody of their own.
        let _ = WATCHING.try_with(|Listener(tell)| tell(progress));
        if let Some(Listener(tell)) = self.listener.get() {
            tell(progress);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_a_machine_and_a_port() {
        for (text, expected) in [
            ("df://127.0.0.1:50050", Some(("127.0.0.1", 50050))),
            ("df://scheduler.cluster.local:1", Some(("scheduler.cluster.local", 1))),
            ("df://[::1]:50050", Some(("[::1]", 50050))),
            ("df://::1:50050", None),
            ("df://host", None),
            ("df://host:0", None),
            ("df://host:70000", None),
            ("df://:1", None),
            ("df://ho st:1", None),
            ("df://user@host:1", None),
            ("http://host:1", None),
            ("host:1", None),
            ("", None),
        ] {
            let found = text.parse::<EngineAddress>();
            let told = found.as_ref().ok().map(|address| (address.host.as_str(), address.port));
            assert_eq!(told, expected, "{text}");
            if let Ok(address) = &found {
                assert_eq!(address.to_string(), text);
            }
        }
    }

    #[test]
    fn a_secret_is_long_and_never_shown() {
        assert_eq!(ClusterSecret::new("short").unwrap_err().code(), "engine-secret");
        let secret = ClusterSecret::new(" 0123456789abcdefghijklmnop\n").unwrap();
        assert_eq!(secret, ClusterSecret::new("0123456789abcdefghijklmnop").unwrap());
        assert!(!format!("{secret:?}").contains("0123"));
    }
}
