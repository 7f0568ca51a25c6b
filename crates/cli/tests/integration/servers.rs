// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Several servers and workers on one PostgreSQL and one store, each a process of its own: nothing acknowledged is lost, nothing is
//! twice, whoever is killed and whatever is started anew.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use underpin_testkit::s3;

use crate::house::{Done, House, done};
use crate::postgres::PrivatePostgres;
use crate::serving::Served;

/// Servers of the large test, and uploads that each of them gets at once.
const SERVERS: usize = 4;
const AT_ONCE: u32 = 100;

/// One ledger and one store for processes that have nothing else in common.
struct Houses {
    server: PrivatePostgres,
    house: House,
}

/// How a request ended.
enum Ended {
    /// Acknowledged under this number.
    Acknowledged(String),
    /// Asked to come again.
    SentAway,
    /// Cut off: nobody knows.
    CutOff,
}

impl Houses {
    fn new(limits: &str) -> Option<Self> {
        Some(Self { server: PrivatePostgres::start()?, house: House::with_limits(limits) })
    }

    /// A command of the process with that number: its data directory is its own.
    fn command(&self, number: usize, arguments: &[&str]) -> Command {
        let data: PathBuf = self.house.path(&format!("data-{number}"));
        let mut command = self.house.command_on(&data, arguments);
        command.env("UNDERPIN_LEDGER", self.server.url());
        match s3::in_force() {
            Some(server) => command.env("UNDERPIN_STORE", server.url(&s3::prefix_of(&self.house.path("store")))),
            None => command.env("UNDERPIN_STORE", self.house.path("store")),
        };
        command
    }

    /// The folder of packs, behind the back of the bucket's server where the store is one.
    fn packs(&self) -> PathBuf {
        let store = self.house.path("store");
        let there = s3::in_force().map(|server| server.file(&s3::prefix_of(&store)));
        there.unwrap_or(store).join("evidence")
    }

    fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(0, arguments).output().expect("the binary runs"))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--format", "json"]].concat()).answer()
    }

    fn serve(&self, number: usize) -> Served {
        Served::begin(self.command(number, &["serve", "--listen", "127.0.0.1:0"]))
    }

    fn work(&self, number: usize, more: &[&str]) -> Child {
        self.command(number, &[&["worker"], more].concat()).spawn().expect("the binary runs")
    }

    /// Begins the office, and gives a token for whoever hands in.
    fn token(&self) -> String {
        self.run(&["registry", "add", "agency", "--name", "Treasury"]);
        let service =
            ["people", "service", "builder", "--name", "Build server", "--role", "owner", "--agency", "treasury"];
        self.json(&service);
        let made = self.json(&["people", "token", "make", "builder", "--name", "ci", "--scope", "work"]);
        made["secret"].as_str().expect("a secret").to_owned()
    }

    /// Numbers of the documents that are wholly there.
    fn documents(&self) -> BTreeSet<String> {
        let query = "SELECT catalogue.document AS document, count(DISTINCT occurrence.package_version) AS uses, \
                     count(DISTINCT binding.system) AS systems FROM catalogue \
                     LEFT JOIN occurrence ON occurrence.document = catalogue.document \
                     LEFT JOIN binding ON binding.document = catalogue.document GROUP BY catalogue.document";
        let done = self.run(&["sql", query, "--format", "ndjson"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        let whole = |line: &str| {
            let row: Value = serde_json::from_str(line).expect("a row");
            assert_eq!((row["uses"].as_i64(), row["systems"].as_i64()), (Some(1), Some(1)), "half visible: {row}");
            format!("D{}", row["document"].as_i64().expect("a number"))
        };
        done.stdout.lines().map(whole).collect()
    }

    /// Everything is sound: the chain is one chain, every file is what the catalogue says.
    fn is_sound(&self) {
        let health = self.run(&["doctor", "--deep"]);
        assert_eq!(health.code, Some(0), "{health:?}");
        assert_eq!(self.run(&["audit", "verify"]).code, Some(0), "the chain is whole");
        assert_eq!(self.run(&["rebuild", "--check"]).code, Some(0));
    }
}

fn sbom(number: u32) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
        {{"type":"library","name":"left-pad","version":"1.0.{number}","purl":"pkg:npm/left-pad@1.0.{number}"}}]}}"#
    )
}

/// Hands one document in as a plugin does.
fn hand_in(address: &str, token: &str, number: u32) -> Ended {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"projectName\"\r\n\r\nservice {}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"autoCreate\"\r\n\r\ntrue\r\n\
         --x\r\nContent-Disposition: form-data; name=\"parentName\"\r\n\r\ntreasury\r\n\
         --x\r\nContent-Disposition: form-data; name=\"bom\"; filename=\"bom.json\"\r\n\r\n{}\r\n--x--\r\n",
        number % 10,
        sbom(number)
    );
    let request = format!(
        "POST /api/v1/bom HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-api-key: {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let Some(answer) = sent(address, &request) else { return Ended::CutOff };
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return Ended::CutOff };
    if head.starts_with("HTTP/1.1 503") {
        assert!(head.to_lowercase().contains("retry-after: "), "{head}");
        return Ended::SentAway;
    }
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    // An answer that was cut off acknowledges nothing.
    let Ok(answer) = serde_json::from_str::<Value>(body) else { return Ended::CutOff };
    Ended::Acknowledged(answer["documents"][0]["document"].as_str().expect("a document").to_owned())
}

fn sent(address: &str, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// Hands in until it is acknowledged, as build servers do.
fn insist(addresses: &[String], token: &str, number: u32) -> String {
    for attempt in number as usize.. {
        match hand_in(&addresses[attempt % addresses.len()], token, number) {
            Ended::Acknowledged(document) => return document,
            Ended::SentAway | Ended::CutOff => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    unreachable!("it goes on until it is acknowledged")
}

#[test]
fn four_servers_take_a_hundred_uploads_each_at_once() {
    let Some(houses) = Houses::new("") else { return };
    let token = houses.token();
    let servers: Vec<Served> = (1..=SERVERS).map(|number| houses.serve(number)).collect();
    let acknowledged: Mutex<BTreeMap<u32, BTreeSet<String>>> = Mutex::default();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for (place, server) in (0..).zip(&servers) {
            for upload in 0..AT_ONCE {
                let (acknowledged, token, address) = (&acknowledged, &token, server.address().to_owned());
                // Every fifth document comes to all servers at once: it is one document.
                let number = if upload % 5 == 0 { upload } else { 1_000 * (place + 1) + upload };
                scope.spawn(move || {
                    let document = insist(&[address], token, number);
                    acknowledged.lock().expect("a lock").entry(number).or_default().insert(document);
                });
            }
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let known = acknowledged.into_inner().expect("a lock");
    assert!(known.values().all(|documents| documents.len() == 1), "one document, one number: {known:?}");
    let documents: BTreeSet<String> = known.into_values().flatten().collect();
    assert_eq!(documents.len(), 20 + SERVERS * 80, "twenty came to all servers, eighty to each alone");
    assert_eq!(houses.documents(), documents, "documents are acknowledgements, exactly");
    let systems = houses.json(&["registry", "list", "systems"]);
    assert_eq!(systems["rows"].as_array().map(Vec::len), Some(10), "each system was made once: {systems}");
    assert_eq!(houses.server.deadlocks(), 0);
    drop(servers);
    houses.is_sound();
    println!(
        "{} uploads to {SERVERS} servers at once: {} documents in {seconds:.1} s",
        SERVERS as u32 * AT_ONCE,
        documents.len()
    );
}

#[test]
fn a_session_goes_on_when_its_server_is_killed() {
    let Some(houses) = Houses::new("") else { return };
    let mut first = houses.serve(1);
    let second = houses.serve(2);
    let link = first.link().expect("a link").to_owned();
    let form = "name=Somebody&login=somebody&password=seven+geese+over+the+mint";
    assert!(first.ask("POST", &link, "", form).starts_with("HTTP/1.1 303"));
    let entered = first.ask("POST", "/sign-in", "", "login=somebody&password=seven+geese+over+the+mint");
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    let cookie = cookie.split(';').next().expect("its key").to_owned();
    let page = first.ask("GET", "/agencies", &cookie, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    // What one writes, the other shows at once.
    assert!(!second.ask("GET", "/agencies", &cookie, "").contains("Ministry of Water"));
    houses.json(&["registry", "add", "agency", "--name", "Ministry of Water"]);
    assert!(second.ask("GET", "/agencies", &cookie, "").contains("Ministry of Water"));
    first.kill();
    let page = second.ask("GET", "/agencies", &cookie, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    // While the ledger is away nobody is signed out.
    houses.server.down();
    let started = Instant::now();
    let away = second.ask("GET", "/agencies", &cookie, "");
    let (head, _) = away.split_once("\r\n\r\n").expect("an answer");
    assert!(head.starts_with("HTTP/1.1 503") && head.to_lowercase().contains("retry-after: "), "{head}");
    println!("a page without a ledger is refused after {:.1} s", started.elapsed().as_secs_f64());
    houses.server.up();
    let started = Instant::now();
    while !second.ask("GET", "/agencies", &cookie, "").starts_with("HTTP/1.1 200") {
        assert!(started.elapsed() < Duration::from_secs(30), "it comes back");
    }
    println!("pages are back {:.2} s after the ledger", started.elapsed().as_secs_f64());
}

/// A folder of documents about one system.
fn estate(house: &House, count: u32) -> PathBuf {
    for number in 0..count {
        house.write(&format!("estate/{}/bom-{number}.json", number % 7), sbom(number).as_bytes());
    }
    house.path("estate")
}

#[test]
fn a_worker_that_is_killed_leaves_its_piece_to_another() {
    let Some(houses) = Houses::new("job_lease_seconds = 2\nbatch_documents = 300") else { return };
    houses.token();
    houses.json(&["registry", "add", "system", "--name", "Portal", "--agency", "treasury"]);
    let folder = estate(&houses.house, 1_500);
    let spread = houses.json(&["add", &folder.to_string_lossy(), "--system", "portal", "--spread"]);
    assert_eq!((spread["files"].as_u64(), spread["skipped_files"].as_array().map(Vec::len)), (Some(1_500), Some(0)));
    let pieces = spread["pieces"].as_u64().expect("a count");
    assert!(pieces >= 5, "{spread}");
    assert!(houses.documents().is_empty(), "nothing is in yet");
    assert_eq!(houses.run(&["jobs", "--wait", "0"]).error_code(), "busy");
    let mut victims = 0;
    let started = Instant::now();
    let mut survivor = houses.work(1, &[]);
    // Killed as soon as they hold something.
    for number in 2..5 {
        let mut victim = houses.work(number, &["--only", "intake"]);
        let own = format!("worker {} ", victim.id());
        let holds = || {
            let jobs = houses.json(&["jobs"]);
            let mut held = jobs.as_array().expect("rows").iter().filter(|job| job["state"] == "held");
            held.any(|job| job["holder"].as_str().is_some_and(|holder| holder.starts_with(&own)))
        };
        for _ in 0..200 {
            if holds() {
                victims += 1;
                break;
            }
        }
        victim.kill().expect("killed");
        victim.wait().expect("it ends");
    }
    let waited = houses.run(&["jobs", "--wait", "120"]);
    assert_eq!(waited.code, Some(0), "{waited:?}");
    let seconds = started.elapsed().as_secs_f64();
    let ended = Command::new("kill").args(["-TERM", &survivor.id().to_string()]).status();
    assert!(ended.expect("a signal").success());
    assert_eq!(survivor.wait().expect("it ends").code(), Some(0), "in good order");
    assert_eq!(houses.documents().len(), 1_500);
    let done = houses.json(&["jobs", "--done"]);
    let intake: Vec<&Value> = done.as_array().expect("rows").iter().filter(|job| job["kind"] == "intake").collect();
    let sum = |name: &str| intake.iter().filter_map(|job| job["result"][name].as_u64()).sum::<u64>();
    assert_eq!(intake.len() as u64, pieces);
    assert_eq!(sum("accepted") + sum("duplicates"), 1_500, "every file is accounted for");
    houses.is_sound();
    let waiting = std::fs::read_dir(houses.packs()).expect("the store").flatten();
    let left = waiting.filter(|entry| entry.file_name().to_string_lossy().starts_with("waiting-")).count();
    assert_eq!(left, 0, "what waited is gone");
    println!("{pieces} pieces, {victims} workers killed while they held one, all in after {seconds:.1} s");
}

#[test]
fn a_database_that_is_started_anew_loses_nothing() {
    let Some(houses) = Houses::new("job_lease_seconds = 3\nbatch_documents = 100") else { return };
    let token = houses.token();
    houses.json(&["registry", "add", "system", "--name", "Portal", "--agency", "treasury"]);
    let folder = estate(&houses.house, 400);
    houses.json(&["add", &folder.to_string_lossy(), "--system", "portal", "--spread"]);
    let mut servers = vec![houses.serve(1), houses.serve(2), houses.serve(3)];
    let mut workers = [houses.work(4, &[]), houses.work(5, &[])];
    let addresses: Vec<String> = servers.iter().map(|server| server.address().to_owned()).collect();
    let (next, is_over) = (AtomicU32::new(10_000), AtomicBool::new(false));
    let acknowledged: Mutex<BTreeMap<u32, String>> = Mutex::default();
    let mut recovered = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let document = insist(&addresses, &token, number);
                    assert!(acknowledged.lock().expect("a lock").insert(number, document).is_none());
                }
            });
        }
        let count = || acknowledged.lock().expect("a lock").len();
        let reached = |wanted: usize| {
            let started = Instant::now();
            while count() < wanted {
                assert!(started.elapsed() < Duration::from_secs(60), "uploads go on");
                std::thread::sleep(Duration::from_millis(5));
            }
            started.elapsed()
        };
        for round in 0..3 {
            reached(count() + 10);
            houses.server.down();
            std::thread::sleep(Duration::from_millis(400 * round));
            houses.server.up();
            recovered.push(reached(count() + 1).as_secs_f64());
        }
        // And one of the servers goes, in the middle of what it takes.
        reached(count() + 10);
        servers[0].kill();
        reached(count() + 10);
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(houses.run(&["jobs", "--wait", "120"]).code, Some(0));
    for worker in &mut workers {
        let ended = Command::new("kill").args(["-TERM", &worker.id().to_string()]).status();
        assert!(ended.expect("a signal").success());
        assert_eq!(worker.wait().expect("it ends").code(), Some(0), "it lived through it");
    }
    drop(servers);
    let known = acknowledged.into_inner().expect("a lock");
    let documents: BTreeSet<String> = known.values().cloned().collect();
    assert_eq!(documents.len(), known.len(), "no number is given twice");
    let there = houses.documents();
    let lost: Vec<&String> = documents.difference(&there).collect();
    assert!(lost.is_empty(), "lost {lost:?} of {}", documents.len());
    assert_eq!(there.len(), documents.len() + 400, "nothing twice, nothing half");
    assert_eq!(houses.server.deadlocks(), 0);
    houses.is_sound();
    println!(
        "three restarts: uploads are acknowledged again {recovered:.2?} s after the database is up; {} documents",
        there.len()
    );
}
