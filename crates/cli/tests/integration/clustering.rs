// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A scheduler and two executors as processes of their own: every view and every shipped rule gives the rows that one process gives,
//! for every viewer, and the rows of a house that is one folder, wherever its ledger and its store lie; whatever of them dies, no
//! answer is wrong.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use underpin_testkit::cluster::{Process, SECRET};

use crate::house::{Done, House, done};

const VIEWS: &[&str] =
    &["occurrence", "licence", "use", "package_systems", "licence_systems", "gap_documents", "standing", "finding"];
/// Questions beyond the views: joins of what travels with what lies in files.
const QUESTIONS: &[&str] = &[
    "SELECT agency, count(DISTINCT package) AS packages FROM use JOIN system USING (system) GROUP BY agency",
    "SELECT f.agency, f.level, count(*) FROM finding f JOIN package_version v ON v.purl = f.package GROUP BY f.agency, f.level",
    "SELECT v.type, count(DISTINCT o.document) FROM occurrence o JOIN package_version v USING (package_version) GROUP BY v.type",
    "SELECT s.system, count(o.package) FROM system s LEFT JOIN binding b ON b.system = s.system \
     LEFT JOIN occurrence o ON o.document = b.document GROUP BY s.system",
    "SELECT document, count(*) FROM hash GROUP BY document ORDER BY 2 DESC, 1 LIMIT 10",
];

/// Commands that work something out over everything.
const COMMANDS: &[&[&str]] = &[
    &["usage", "--top", "0"],
    &["findings", "--rows", "100000"],
    &["rules", "check"],
    &["rules", "simulate", "licences/osi-approved"],
];

/// Starts a process, and waits until it says that it works.
fn working(mut command: Command) -> Process {
    let process = Process::start(&mut command);
    process.works();
    process
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// A demo country, and what asks for it.
struct Country {
    house: House,
    scheduler: u16,
    /// Whether it is one folder, whatever the suite keeps its houses in.
    is_embedded: bool,
}

impl Country {
    fn new() -> Self {
        Self::made(false)
    }

    fn embedded() -> Self {
        Self::made(true)
    }

    fn made(is_embedded: bool) -> Self {
        let house = House::with_limits("cluster_small_rows = 0\ncluster_attempts = 6\nquery_timeout_ms = 240000");
        let country = Self { house, scheduler: free_port(), is_embedded };
        let made = country.command(&["demo", "--no-tour"]).output().expect("the binary runs");
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        country
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.house.command(arguments);
        command.env("UNDERPIN_CLUSTER_SECRET", SECRET);
        if self.is_embedded {
            command.env_remove("UNDERPIN_LEDGER").env_remove("UNDERPIN_STORE");
        }
        command
    }

    /// Whether a query is handed over: it finds nobody then.
    fn goes_out(&self, query: &str) -> bool {
        let impatient =
            self.house.write("impatient/underpin.toml", b"[limits]\ncluster_small_rows = 0\ncluster_attempts = 1\n");
        let nobody = format!("df://127.0.0.1:{}", free_port());
        let mut command = self.command(&["sql", query, "--engine", &nobody]);
        let asked = done(command.arg("--config").arg(impatient).output().expect("the binary runs"));
        asked.code != Some(0) && asked.error_code() == "engine-unreachable"
    }

    fn engine(&self) -> String {
        format!("df://127.0.0.1:{}", self.scheduler)
    }

    fn start_scheduler(&self) -> Process {
        let listen = format!("127.0.0.1:{}", self.scheduler);
        working(self.command(&["cluster", "scheduler", "--listen", &listen, "--silent-seconds", "11"]))
    }

    fn start_executor(&self) -> Process {
        let listen = format!("127.0.0.1:{}", free_port());
        let engine = self.engine();
        let arguments = ["cluster", "executor", "--scheduler", &engine, "--listen", &listen, "--threads", "1"];
        working(self.command(&arguments))
    }

    /// The whole answer of a command, worked out in this process or on the cluster.
    fn told(&self, command: &[&str], viewer: &str, engine: Option<&str>) -> Value {
        let mut asked = self.command(command);
        asked.args(["--viewer", viewer, "--format", "json", "--quiet"]);
        if let Some(engine) = engine {
            asked.args(["--engine", engine]);
        }
        let answer = done(asked.output().expect("the binary runs"));
        assert_eq!(answer.code, Some(0), "{command:?} {answer:?}");
        lasting(&answer.stdout)
    }

    /// The rows of a query, in this process or on the cluster.
    fn ask(&self, query: &str, viewer: &str, engine: Option<&str>) -> Done {
        let arguments = ["sql", query, "--viewer", viewer, "--format", "ndjson", "--quiet"];
        let mut command = self.command(&arguments);
        if let Some(engine) = engine {
            command.args(["--engine", engine]);
        }
        done(command.output().expect("the binary runs"))
    }
}

/// What may differ between two runs of one command.
fn lasting(answer: &str) -> Value {
    fn without(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(without),
            Value::Object(fields) => {
                fields.retain(|name, _| !name.contains("seconds") && !name.ends_with("_ms"));
                fields.values_mut().for_each(without);
            }
            _ => (),
        }
    }
    let mut value = serde_json::from_str(answer).expect("JSON");
    without(&mut value);
    value
}

/// What an answer says, whatever the order of its rows.
fn digest(answer: &Done) -> String {
    let mut rows: Vec<&str> = answer.stdout.lines().collect();
    rows.sort_unstable();
    let digest = Sha256::digest(rows.join("\n"));
    let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{:?} {} rows {digits} {}", answer.code, rows.len(), answer.stderr)
}

/// The queries of every shipped rule over the house.
fn rules() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.extend(queries(&path));
            }
        }
    }
    found.sort();
    found
}

fn queries(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).expect("a file");
    let rule: BTreeMap<String, toml::Value> = toml::from_str(&text).expect("TOML");
    let about = rule.get("subject").and_then(toml::Value::as_str).unwrap_or_default();
    if !["agency", "system", "package", "repository"].contains(&about) {
        return Vec::new();
    }
    let named = ["sql", "population"].iter().filter_map(|key| Some((key, rule.get(*key)?.as_str()?)));
    named.map(|(key, query)| (format!("{} {key}", path.display()), query.to_owned())).collect()
}

fn agencies(country: &Country) -> Vec<String> {
    let answer = country.ask("SELECT agency FROM agency ORDER BY agency LIMIT 2", "operator", None);
    let agency = |line: &str| line.split('"').nth(3).expect("an agency").to_owned();
    answer.stdout.lines().map(agency).collect()
}

#[test]
fn every_view_and_every_rule_gives_the_same_rows_for_every_viewer() {
    let country = Country::new();
    let _scheduler = country.start_scheduler();
    let _executors = [country.start_executor(), country.start_executor()];
    let engine = country.engine();
    let mut asked: Vec<(String, String)> =
        VIEWS.iter().map(|view| ((*view).to_owned(), format!("SELECT * FROM {view}"))).collect();
    asked.extend(QUESTIONS.iter().map(|query| ((*query).to_owned(), (*query).to_owned())));
    asked.extend(rules());
    assert!(asked.len() > 25, "{asked:#?}");
    let agency = format!("agency:{}", agencies(&country)[0]);
    let few = |name: &str| VIEWS.contains(&name);
    let (mut wrong, mut filled, mut taken) = (Vec::new(), 0, 0);
    for viewer in ["operator", agency.as_str(), "analyst", "stranger"] {
        for (name, query) in asked.iter().filter(|(name, _)| viewer == "operator" || viewer == agency || few(name)) {
            let here = country.ask(query, viewer, None);
            let there = country.ask(query, viewer, Some(&engine));
            filled += usize::from(!here.stdout.is_empty());
            if digest(&here) != digest(&there) {
                wrong.push(format!("{viewer} {name}\n  here  {}\n  there {}", digest(&here), digest(&there)));
            }
        }
    }
    // What commands work out over everything, in their whole answers.
    for command in COMMANDS {
        for viewer in ["operator", agency.as_str()] {
            let (here, there) = (country.told(command, viewer, None), country.told(command, viewer, Some(&engine)));
            assert_eq!(here, there, "{viewer} {command:?}");
        }
    }
    let alone = Country::embedded();
    for (name, query) in &asked {
        let (here, alone) = (country.ask(query, "operator", None), alone.ask(query, "operator", None));
        if digest(&here) != digest(&alone) {
            wrong.push(format!("{name}\n  here  {}\n  alone {}", digest(&here), digest(&alone)));
        }
        taken += usize::from(country.goes_out(query));
    }
    println!("{} questions, {taken} of them on the cluster; {filled} answers with rows", asked.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(filled > asked.len(), "hardly anything was compared: {filled}");
    assert!(taken > asked.len() / 2, "hardly anything went out: {taken} of {}", asked.len());
}

/// A query that takes some seconds, so that something can happen in the meantime.
const LONG: &str = "SELECT count(*) AS n, sum(a.package % 7) AS s FROM occurrence a, occurrence b \
                    WHERE a.document % 5 = b.document % 5 AND a.package > b.package";

/// By then it was handed over, and is not answered yet.
const UNDER_WAY: Duration = Duration::from_millis(1_500);

#[test]
fn an_executor_that_is_killed_costs_time_and_no_row() {
    let country = Country::new();
    let _scheduler = country.start_scheduler();
    let mut executors = [country.start_executor(), country.start_executor()];
    let here = country.ask(LONG, "operator", None);
    assert_eq!(here.code, Some(0), "{here:?}");
    let engine = country.engine();
    let there = std::thread::scope(|scope| {
        let asking = scope.spawn(|| country.ask(LONG, "operator", Some(&engine)));
        std::thread::sleep(UNDER_WAY);
        assert!(!asking.is_finished(), "it is worked on");
        executors[0].kill();
        let killed = Instant::now();
        let there = asking.join().expect("asked");
        println!("answered {:.1} s after an executor was killed", killed.elapsed().as_secs_f64());
        there
    });
    assert_eq!(digest(&here), digest(&there));
    // The one that is left goes on alone.
    assert_eq!(digest(&here), digest(&country.ask(LONG, "operator", Some(&engine))));
}

#[test]
fn a_scheduler_that_is_killed_is_waited_for() {
    let country = Country::new();
    let mut scheduler = country.start_scheduler();
    let _executor = country.start_executor();
    let here = country.ask(LONG, "operator", None);
    let engine = country.engine();
    let there = std::thread::scope(|scope| {
        let asking = scope.spawn(|| country.ask(LONG, "operator", Some(&engine)));
        std::thread::sleep(UNDER_WAY);
        assert!(!asking.is_finished(), "it is worked on");
        scheduler.kill();
        std::thread::sleep(Duration::from_secs(1));
        let again = country.start_scheduler();
        let begun = Instant::now();
        let answer = asking.join().expect("asked");
        println!("answered {:.1} s after the scheduler was started anew", begun.elapsed().as_secs_f64());
        drop(again);
        answer
    });
    assert_eq!(digest(&here), digest(&there));
}

/// Ctrl+C at a command takes the question back, and the executor is free for the next one.
#[test]
fn a_question_that_nobody_waits_for_is_taken_back() {
    let country = Country::new();
    let _scheduler = country.start_scheduler();
    let _executor = country.start_executor();
    let endless = "SELECT count(*) FROM occurrence a, occurrence b, occurrence c, occurrence d WHERE a.package + b.package + c.package < d.package";
    let mut asking = country.command(&["sql", endless, "--engine", &country.engine()]);
    let mut asked = asking.spawn().expect("starts");
    std::thread::sleep(Duration::from_secs(2));
    let interrupted = Command::new("kill").args(["-INT", &asked.id().to_string()]).status().expect("kill runs");
    assert!(interrupted.success());
    assert_eq!(asked.wait().expect("ends").code(), Some(2));
    let begun = Instant::now();
    let next = country.ask("SELECT count(*) FROM occurrence", "operator", Some(&country.engine()));
    assert_eq!(next.code, Some(0), "{next:?}");
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
}

#[test]
fn whoever_has_another_secret_or_none_is_refused() {
    let country = Country::new();
    let _scheduler = country.start_scheduler();
    let query = ["sql", "SELECT count(*) FROM occurrence", "--engine", &country.engine()];
    for (secret, code) in [
        ("another secret that is as long as the right one", "engine-refused"),
        ("short", "engine-secret"),
        ("", "engine-secret"),
    ] {
        let mut command = country.house.command(&query);
        command.env("UNDERPIN_CLUSTER_SECRET", secret);
        let refused = done(command.output().expect("runs"));
        assert_eq!(refused.error_code(), code, "{refused:?}");
        assert!(refused.stderr.contains("hint: "), "{refused:?}");
    }
    let mut open = country.command(&["cluster", "scheduler", "--listen", "0.0.0.0:0"]);
    assert_eq!(done(open.output().expect("runs")).error_code(), "usage");
}
