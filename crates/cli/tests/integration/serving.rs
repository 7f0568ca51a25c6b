// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house as it is started: the first link, an account, a page, and an end that loses nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};

use crate::house::House;

/// A program that serves, ended when it goes out of sight.
pub struct Served {
    child: Child,
    /// Host and port.
    address: String,
    /// What it printed before it was open.
    said: Vec<String>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    pub fn start(house: &House, arguments: &[&str]) -> Self {
        Self::begin(house.command(arguments))
    }

    pub fn begin(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut served = Self { child, address: String::new(), said: Vec::new() };
        for line in lines {
            let line = line.expect("a line");
            if let Some((_, address)) = line.split_once("open at http://") {
                served.address = address.split_whitespace().next().unwrap_or_default().to_owned();
                break;
            }
            served.said.push(line);
        }
        assert!(!served.address.is_empty(), "{:?}", served.said);
        served
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
    }

    /// The path of the one-time link, if one was printed.
    pub fn link(&self) -> Option<&str> {
        self.said.iter().find_map(|line| line.find("/welcome/").map(|at| &line[at..]))
    }

    /// One request; the whole answer.
    pub fn ask(&self, method: &str, path: &str, cookie: &str, form: &str) -> String {
        self.ask_at(&self.address, method, path, cookie, form)
    }

    fn ask_at(&self, address: &str, method: &str, path: &str, cookie: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }
}

#[test]
fn the_demo_country_opens_with_a_link_that_works_once() {
    let house = House::new();
    let served = Served::start(&house, &["demo", "--serve", "--listen", "127.0.0.1:0"]);
    let link = served.link().expect("a link").to_owned();
    assert!(served.ask("GET", &link, "", "").starts_with("HTTP/1.1 200"));
    let form = "name=Somebody&login=somebody&password=seven+geese+over+the+mint";
    assert!(served.ask("POST", &link, "", form).starts_with("HTTP/1.1 303"));
    assert!(served.ask("GET", &link, "", "").starts_with("HTTP/1.1 404"), "it works once");

    let entered = served.ask("POST", "/sign-in", "", "login=somebody&password=seven+geese+over+the+mint");
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    let cookie = cookie.split(';').next().expect("its key");
    let overview = served.ask("GET", "/", cookie, "");
    assert!(overview.starts_with("HTTP/1.1 200") && overview.contains("CVE-2021-44228"), "{overview}");
    assert!(served.ask("GET", "/", "", "").starts_with("HTTP/1.1 303"), "strangers are sent to the door");
    drop(served);

    // The account is there the next time, and no second link is printed.
    let again = Served::start(&house, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(again.link(), None, "{:?}", again.said);
    let entered = again.ask("POST", "/sign-in", "", "login=somebody&password=seven+geese+over+the+mint");
    assert!(entered.starts_with("HTTP/1.1 303") && entered.contains("set-cookie: session="), "{entered}");

    // One address, one house; nothing goes over a network in the clear.
    let taken = house.run(&["serve", "--listen", &again.address]);
    assert_eq!(taken.error_code(), "listen");
    for listen in [&["--listen", "0.0.0.0:8400"][..], &["--public-url", "http://office.example.gov"]] {
        assert_eq!(house.run(&[&["serve"], listen].concat()).error_code(), "usage", "{listen:?}");
    }
}

#[test]
fn those_who_watch_over_the_machine_see_figures_and_lines_and_no_contents() {
    let house = House::new();
    let socket = house.path("notify");
    let system = std::os::unix::net::UnixDatagram::bind(&socket).expect("a socket");
    house.run(&["demo"]);
    let mut command =
        house.command(&["serve", "--listen", "127.0.0.1:0", "--operations-listen", "127.0.0.1:0", "--log", "json"]);
    command.env("NOTIFY_SOCKET", &socket);
    let mut served = Served::begin(command);
    let mut heard = [0; 32];
    let length = system.recv(&mut heard).expect("told");
    assert_eq!(&heard[..length], b"READY=1");

    let link = served.link().expect("a link").to_owned();
    let key = link.rsplit('/').next().expect("a key").to_owned();
    let page = served.ask("GET", &link, "", "");
    assert!(page.starts_with("HTTP/1.1 200"));
    let number = page.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("a number").to_owned();
    assert!(served.ask("GET", "/nothing/here", "", "").contains("x-request-id: "));
    let figures = served.said.iter().find(|line| line.starts_with("Figures")).expect("a line");
    let figures = figures.split("http://").nth(1).expect("an address");
    let (address, path) = figures.split_once('/').expect("a path");
    let metrics = served.ask_at(address, "GET", &format!("/{path}"), "", "");
    assert!(
        metrics.contains("underpin_requests_total{method=\"GET\",route=\"/welcome/{key}\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("route=\"none\",status=\"404\"} 1"), "{metrics}");
    let ready = served.ask_at(address, "GET", "/readyz", "", "");
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains("ready\n"), "{ready}");
    assert!(served.ask("GET", "/metrics", "", "").starts_with("HTTP/1.1 404"), "not where everybody is");

    let ended = std::process::Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status();
    assert!(ended.expect("a signal").success());
    assert_eq!(served.child.wait().expect("it ends").code(), Some(0), "in good order");
    let mut journal = String::new();
    served.child.stderr.take().expect("a journal").read_to_string(&mut journal).expect("text");
    let lines: Vec<serde_json::Value> = journal
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let own = lines.iter().find(|line| line["request"] == number.as_str()).expect("its line");
    assert_eq!((&own["route"], &own["status"]), (&"/welcome/{key}".into(), &200.into()), "{own}");
    assert!(!journal.contains(&key), "no keys in the journal");
    assert!(!journal.contains("/nothing/here"), "no addresses in the journal");
}
