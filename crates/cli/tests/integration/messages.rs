// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is new for somebody goes out by mail and to a program, to real servers: once, and only what they may see.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use crate::house::House;

/// A server that keeps what it is given: every connection is handled by `take`, which gives the whole message.
pub fn server(take: fn(TcpStream) -> String) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if sender.send(take(stream)).is_err() {
                break;
            }
        }
    });
    (port, receiver)
}

/// Speaks as much of RFC 5321 as a mail needs.
pub fn mail(stream: TcpStream) -> String {
    let mut out = stream.try_clone().expect("both ways");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut said = String::new();
    let mut say = |text: &str| out.write_all(text.as_bytes()).expect("answered");
    say("220 sink ready\r\n");
    while let Some(line) = lines.next() {
        said.push_str(&line);
        said.push('\n');
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-sink\r\n250 8BITMIME\r\n"),
            "DATA" => {
                say("354 go on\r\n");
                for line in lines.by_ref().take_while(|line| line != ".") {
                    said.push_str(&line);
                    said.push('\n');
                }
                say("250 taken\r\n");
            }
            "QUIT" => {
                say("221 bye\r\n");
                break;
            }
            _ => say("250 fine\r\n"),
        }
    }
    said
}

fn hook(mut stream: TcpStream) -> String {
    let mut said = String::new();
    let mut lines = BufReader::new(stream.try_clone().expect("both ways"));
    let mut length = 0;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).expect("a header");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        said.push_str(&line);
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).expect("a body");
    said.push_str(&String::from_utf8(body).expect("text"));
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").expect("answered");
    said
}

/// An inventory with a vulnerable library, made after all others.
fn vulnerable(subject: &str) -> Vec<u8> {
    let library = serde_json::json!({ "type": "library", "group": "org.apache.logging.log4j", "name": "log4j-core",
        "version": "2.14.1", "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1" });
    let document = serde_json::json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "timestamp": "2026-03-02T08:00:00Z", "component": { "type": "application", "name": subject },
            "tools": { "components": [{ "type": "application", "name": "maker" }] } },
        "components": [library] });
    document.to_string().into_bytes()
}

#[test]
fn what_is_new_goes_out_once_and_only_to_who_may_see_it() {
    let house = House::new();
    let ((mail_port, mails), (hook_port, hooks)) = (server(mail), server(hook));
    let configuration = format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {mail_port}\nfrom = \"office@norvania.example\"\n\n\
         [watch.permits.\"127.0.0.1\"]\nplain_http = true\nprivate_addresses = true\nports = [{hook_port}]\n"
    );
    house.write("underpin.toml", configuration.as_bytes());
    house.run(&["demo", "--no-tour"]);
    let service = ["people", "service", "desk", "--name", "Finance desk", "--role", "reader"];
    house.json(&[&service[..], &["--agency", "ministry-finance", "--clearance", "restricted"]].concat());
    let wish = ["--priority", "watch", "--at-once"];
    let subscribe = ["messages", "subscribe", "desk", "--mail", "desk@finance.example", "--language", "de"];
    house.json(&[&subscribe[..], &wish].concat());
    let address = format!("http://{}:{hook_port}/hook/secret-path", std::net::Ipv4Addr::LOCALHOST);
    let made = house.json(&[&["messages", "subscribe", "desk", "--webhook", &address][..], &wish].concat());
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(!house.json(&["messages", "list"]).to_string().contains(&secret), "it is shown once");

    // What is there at the first look is known.
    assert_eq!(house.json(&["messages", "send"])["new"], 0);
    for (system, file) in [("e-invoice", "a.json"), ("payments-hub", "b.json"), ("vaccination-register", "c.json")] {
        house.write(file, &vulnerable(system));
        house.json(&["add", file, "--system", system]);
    }
    let sent = house.json(&["messages", "send"]);
    let counts = ["sent", "failed", "given_up"].map(|name| sent[name].as_i64().expect("a number"));
    assert_eq!(counts, [2, 0, 0], "{sent}");
    let mail = mails.recv().expect("a mail");
    assert!(mail.contains("RCPT TO:<desk@finance.example>") && mail.contains("Message-ID: <underpin-1-"), "{mail}");
    let hook = hooks.recv().expect("a message");
    let (head, body) = hook.split_once("\r\n\r\n").expect("a body");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert!(head.contains("x-underpin-signature: t=") && head.contains("x-underpin-delivery: underpin-2-"), "{head}");
    assert!(!hook.contains(&secret), "{hook}");
    // One system may be named; a restricted one waits in the house; what others have is not there, not even as a number.
    let named: Vec<_> = body["risks"].as_array().expect("risks").iter().map(|risk| risk["system"].clone()).collect();
    assert!(!named.is_empty() && named.iter().all(|system| system == "e-invoice"), "{body}");
    assert_eq!(body["withheld"], named.len(), "{body}");
    let plain = mail.replace("=\n", "");
    assert!(plain.contains("CVE-2021-44228") && plain.contains("Guten Tag Finance desk"), "{mail}");
    for hidden in ["vaccination", "Vaccination", "payments", "Payments"] {
        assert!(!hook.contains(hidden) && !plain.contains(hidden), "{hidden}");
    }
    // Nothing is told twice, and nothing waits.
    let again = house.json(&["messages", "send"]);
    assert_eq!((&again["new"], &again["sent"]), (&0.into(), &0.into()), "{again}");
    assert_eq!(house.json(&["messages", "outbox"]), Value::Array(vec![]));
    // The trail knows the subscription, and no secret.
    let trail = house.json(&["audit", "list"]).to_string();
    assert!(trail.contains("desk@finance.example") && !trail.contains(&secret), "{trail}");
}

#[test]
fn a_server_that_does_not_answer_is_tried_again_and_the_fault_is_shown() {
    let house = House::new();
    house.write("underpin.toml", b"[mail]\nhost = \"127.0.0.1\"\nport = 9\nfrom = \"office@norvania.example\"\n");
    house.run(&["demo", "--no-tour"]);
    house.json(&["people", "service", "desk", "--name", "Desk", "--role", "reader"]);
    let bad = house.run(&["messages", "subscribe", "desk", "--mail", "desk@a.example\nBcc: all@a.example"]);
    assert_eq!(bad.error_code(), "usage");
    house.json(&["messages", "subscribe", "desk", "--mail", "desk@a.example", "--priority", "watch", "--at-once"]);
    house.json(&["messages", "send"]);
    house.write("a.json", &vulnerable("e-invoice"));
    house.json(&["add", "a.json", "--system", "e-invoice"]);
    let sent = house.run(&["messages", "send", "--format", "json"]);
    let told: Value = serde_json::from_str(&sent.stdout).expect("JSON");
    assert_eq!((sent.code, &told["failed"]), (Some(1), &1.into()), "{sent:?}");
    let waiting = house.json(&["messages", "outbox"]);
    assert_eq!(waiting[0]["attempts"], 1, "{waiting}");
    assert!(waiting[0]["fault"].as_str().is_some_and(|fault| fault.starts_with("unreachable")), "{waiting}");
}
