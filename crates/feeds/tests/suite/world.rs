// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A small world: a server, names that lead to it, and a clock that nobody waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use underpin_feeds::{
    Client, CredentialSource, Credentials, Delivery, Edge, Fetch, HostPermit, Pace, Permits, Progress, Proxies,
    SecretPlace, Setup, Validators,
};
use underpin_model::{Limits, Timestamp};
use underpin_testkit::server::Server;

/// The edge of the tests: it notes pauses and never makes them.
#[derive(Default)]
pub struct Still {
    pub now: Timestamp,
    pub pauses: Mutex<Vec<Duration>>,
    pub names: BTreeMap<String, Vec<IpAddr>>,
    pub resolved: Mutex<Vec<String>>,
}

impl Edge for Still {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn chance(&self) -> f64 {
        1.0
    }

    fn wait(&self, pause: Duration) -> BoxFuture<'_, ()> {
        self.pauses.lock().unwrap().push(pause);
        std::future::ready(()).boxed()
    }

    fn resolve(&self, host: &str) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        self.resolved.lock().unwrap().push(host.to_owned());
        let found = self.names.get(host).cloned();
        let found = found.ok_or_else(|| std::io::Error::other("no such name"));
        std::future::ready(found).boxed()
    }
}

pub struct World {
    pub server: Server,
    pub edge: Arc<Still>,
    pub client: Client,
    pub folder: tempfile::TempDir,
}

/// Hosts that are allowed to lie on this machine: `a.example`, `b.example` and `c.example`, the first two with a credential.
/// `inside.example` lies here too and is not allowed to; `twofold.example` has a public address as well.
pub fn world() -> World {
    world_at("2026-11-25T10:00:00Z")
}

pub fn world_at(now: &str) -> World {
    world_on(Server::start(), now)
}

/// The same for a server that is there already.
pub fn world_on(server: Server, now: &str) -> World {
    made(server, now, Proxies::default())
}

/// The same behind a proxy: `proxy.example` lies here and is not allowed to by the configuration.
pub fn world_behind(server: Server, proxies: Proxies) -> World {
    made(server, "2026-11-25T10:00:00Z", proxies)
}

fn made(server: Server, now: &str, proxies: Proxies) -> World {
    let here: IpAddr = "127.0.0.1".parse().unwrap();
    let public: IpAddr = "1.1.1.1".parse().unwrap();
    let names = [
        ("a.example", vec![here]),
        ("b.example", vec![here]),
        ("c.example", vec![here]),
        ("csaf.data.security.c.example", vec![here]),
        ("inside.example", vec![here]),
        ("proxy.example", vec![here]),
        ("twofold.example", vec![public, here]),
        ("mapped.example", vec!["::ffff:10.0.0.1".parse().unwrap()]),
        ("metadata.example", vec!["169.254.169.254".parse().unwrap()]),
        ("empty.example", vec![]),
    ];
    let names = names.into_iter().map(|(name, addresses)| (name.to_owned(), addresses)).collect();
    let edge = Arc::new(Still { now: now.parse().unwrap(), names, ..Still::default() });
    let allowed = HostPermit { plain_http: true, private_addresses: true, ports: [server.port()].into() };
    let called = HostPermit { private_addresses: false, ..allowed.clone() };
    let mut hosts: BTreeMap<String, HostPermit> = BTreeMap::new();
    for name in ["a.example", "b.example", "c.example", "csaf.data.security.c.example"] {
        hosts.insert(name.to_owned(), allowed.clone());
    }
    for name in
        ["inside.example", "twofold.example", "mapped.example", "metadata.example", "empty.example", "gone.example"]
    {
        hosts.insert(name.to_owned(), called.clone());
    }
    let bearer = |variable: &str| CredentialSource::Bearer(SecretPlace::Environment(variable.to_owned()));
    let sources = [("a.example".to_owned(), bearer("A")), ("b.example".to_owned(), bearer("B"))].into();
    let credentials = Credentials::read(&sources, &|name| Some(format!("secret-{name}"))).unwrap();
    let pace = Pace {
        connect: Duration::from_secs(5),
        idle: Duration::from_millis(200),
        transfer: Duration::from_secs(20),
        attempts: 4,
        first_pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(60),
    };
    let setup = Setup {
        permits: Permits { hosts },
        credentials,
        pace,
        limits: Limits::default(),
        authorities: Vec::new(),
        proxies,
    };
    let client = Client::new(setup, Arc::clone(&edge) as Arc<dyn Edge>).unwrap();
    World { server, edge, client, folder: tempfile::tempdir().unwrap() }
}

impl World {
    pub fn at(&self, path: &str) -> String {
        self.server.address("a.example", path)
    }

    pub fn pauses(&self) -> Vec<u64> {
        std::mem::take(&mut *self.edge.pauses.lock().unwrap()).iter().map(Duration::as_secs).collect()
    }

    pub fn fetch<'a>(
        &'a self,
        address: &'a str,
        known: &'a Validators,
        ids: Option<&'a BTreeSet<String>>,
    ) -> Fetch<'a> {
        Fetch { client: &self.client, address, known, known_ids: ids, folder: self.folder.path(), watcher: &unwatched }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

pub fn unwatched(_: Progress<'_>) {}

/// Names and texts of all documents of a delivery.
pub fn documents(delivery: &Delivery) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for file in &delivery.files {
        let refused = file
            .read(&Limits::default(), &mut |document| {
                documents.push((document.name.to_owned(), String::from_utf8_lossy(document.bytes).into_owned()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(refused.is_empty(), "{refused:?}");
    }
    documents
}

/// Place, without the port, and code of all refusals.
pub fn refusals(delivery: &Delivery) -> Vec<(String, String)> {
    let last = |place: &str| place.rsplit('/').next().unwrap_or_default().to_owned();
    delivery.refused.iter().map(|refusal| (last(&refusal.place), refusal.code.clone())).collect()
}

pub fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
