// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile files, handed in as a browser does it.

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_testkit::server::Server;
use zip::write::SimpleFileOptions;

use crate::attacks::everything;
use crate::support::{Reply, Web};
use crate::triage::field;

/// Sends files as a browser does.
pub async fn send(web: &Web, cookie: &str, token: &str, system: &str, files: &[(&str, Vec<u8>)]) -> Reply {
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"");
    let mut body = format!("{}\r\n\r\n{token}\r\n", part("form_token")).into_bytes();
    body.extend(format!("{}\r\n\r\n{system}\r\n", part("system")).into_bytes());
    for (name, bytes) in files {
        body.extend(format!("{}; filename=\"{name}\"\r\n\r\n", part("files")).into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let request = Request::post("/documents/hand-in")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    web.ask(request.body(Body::from(body)).expect("a request")).await
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn xml(head: &str, name: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?>{head}<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\"><components>\
         <component type=\"library\"><name>{name}</name><version>1</version><purl>pkg:npm/a@1</purl></component></components></bom>"
    )
    .into_bytes()
}

/// GHSA-7r6q-xj4c-37g4 and GHSA-93r8-3g93-w2gq (XXE in CycloneDX, twice): a document reads files of the server, calls other
/// servers, or grows without end.
#[tokio::test]
async fn documents_read_no_files_call_nobody_and_do_not_grow() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "the-words-of-the-file").expect("written");
    let server = Server::start();
    let address = server.address("127.0.0.1", "/asked");
    let laughs = (1..10).fold("<!ENTITY l0 \"ha\">".to_owned(), |all, level| {
        let ten = format!("&l{};", level - 1).repeat(10);
        format!("{all}<!ENTITY l{level} \"{ten}\">")
    });
    let file = secret.display();
    let began = Instant::now();
    for (head, name) in [
        (format!("<!DOCTYPE bom [<!ENTITY a SYSTEM \"file://{file}\">]>"), "&a;"),
        (format!("<!DOCTYPE bom [<!ENTITY a SYSTEM \"{address}\">]>"), "&a;"),
        (format!("<!DOCTYPE bom [<!ENTITY % a SYSTEM \"{address}\"> %a;]>"), "b"),
        (format!("<!DOCTYPE bom SYSTEM \"{address}\">"), "b"),
        (format!("<!DOCTYPE bom [{laughs}]>"), "&l9;"),
        (format!("<?xml-stylesheet href=\"{address}\"?>"), "b"),
        (String::new(), &format!("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{address}\"/>")),
    ] {
        let reply = send(&web, &ada, &token, "payments-hub", &[("bom.xml", xml(&head, name))]).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let pages =
            [reply.body, web.get("/systems/payments-hub", &ada).await.body, web.get("/documents", &ada).await.body];
        for body in pages {
            assert!(!body.contains("the-words-of-the-file") && !body.contains("hahaha"), "{head}");
        }
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert_eq!(server.asked(), [], "nobody is called");
    let deep = "[".repeat(200_000);
    let reply = send(&web, &ada, &token, "", &[("deep.json", deep.into_bytes())]).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

/// SW360 (path traversal in attachments, 2026) and Trustify issue 815 (memory): archives whose members lead elsewhere, or that
/// hold more than anybody can unpack.
#[tokio::test]
async fn archives_write_nowhere_and_do_not_burst() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let sbom = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.json");
    let absolute = out.display().to_string();
    let up = format!("{}{}", "../".repeat(12), absolute.trim_start_matches('/'));
    let zeros = vec![0; 64 << 20];
    let inner = zipped(&[("zeros.json", &zeros)]);
    for (name, bytes) in [
        ("up.zip", zipped(&[(&up, sbom)])),
        ("absolute.zip", zipped(&[(&absolute, sbom)])),
        ("windows.zip", zipped(&[("..\\..\\out.json", sbom), ("C:\\out.json", sbom)])),
        ("bomb.zip", zipped(&[("a.zip", &inner), ("b.zip", &inner), ("c.zip", &inner)])),
        ("../../../out.json", sbom.to_vec()),
        ("\u{202e}nosj.mob\u{2066}.exe", sbom.to_vec()),
    ] {
        let reply = send(&web, &ada, &token, "payments-hub", &[(name, bytes)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}: {}", reply.body);
        assert!(!out.exists(), "{name} writes outside");
    }
    assert_eq!(web.get("/", &ada).await.status, StatusCode::OK, "the house goes on");
}
