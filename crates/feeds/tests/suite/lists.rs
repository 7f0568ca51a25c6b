// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Feeds that are one file.

use underpin_feeds::{Code, Validators, cve, end_of_life, epss, euvd, kev, openvex};
use underpin_testkit::server::Reply;

use super::world::{documents, gzipped, refusals, world, zipped};

const KEV: &str = r#"{"title":"t","catalogVersion":"2026.11.25","dateReleased":"2026-11-25T09:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2026-1"}]}"#;

#[tokio::test]
async fn the_list_of_exploited_vulnerabilities() {
    let world = world();
    let address = world.at("/feeds/known.json?token=secret");
    world.server.on("/feeds/known.json?token=secret", [Reply::ok(KEV).etag("one")]);
    let none = Validators::default();
    let delivery = kev::fetch(&world.fetch(&address, &none, None)).await.unwrap().unwrap();
    assert_eq!((delivery.feed.as_str(), delivery.is_complete), ("kev", true));
    assert_eq!(delivery.stated.as_deref(), Some("2026-11-25T09:00:00Z"));
    assert_eq!(documents(&delivery).len(), 1);
    assert_eq!(documents(&delivery)[0].1, KEV);
    assert!(!format!("{delivery:?}").contains("secret"));
    assert_eq!(kev::fetch(&world.fetch(&address, &delivery.validators, None)).await, Ok(None));
    for (text, code) in [
        (KEV.replace("\"count\":1", "\"count\":2"), Code::BadAnswer),
        (KEV[..80].to_owned(), Code::BadAnswer),
        ("<html>maintenance</html>".to_owned(), Code::BadAnswer),
        ("{}".to_owned(), Code::BadAnswer),
    ] {
        world.server.on("/feeds/known.json?token=secret", [Reply::ok(text.clone())]);
        let error = kev::fetch(&world.fetch(&address, &none, None)).await.unwrap_err();
        assert_eq!(error.code, code, "{text}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn scores_carry_their_date() {
    let world = world();
    let csv = "#model_version:v2026.03.14,score_date:2026-11-25T12:55:00Z\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n";
    world.server.on("/epss.csv.gz", [Reply::ok(gzipped(csv.as_bytes()))]);
    let none = Validators::default();
    let address = world.at("/epss.csv.gz");
    let delivery = epss::fetch(&world.fetch(&address, &none, None)).await.unwrap().unwrap();
    assert_eq!(delivery.stated.as_deref(), Some("2026-11-25T12:55:00Z"));
    assert_eq!(documents(&delivery)[0].1, csv);
    // The same bytes again, from a host that tells no validators.
    assert_eq!(epss::fetch(&world.fetch(&address, &delivery.validators, None)).await, Ok(None));
    world.server.on("/epss.csv.gz", [Reply::ok(gzipped(&vec![b'#'; 30 << 20]))]);
    assert_eq!(epss::fetch(&world.fetch(&address, &none, None)).await.unwrap_err().code, Code::BadAnswer);
}

#[tokio::test]
async fn a_search_in_pages_is_put_together() {
    let world = world();
    let page = |from: usize, to: usize, total: usize| {
        let items: Vec<String> =
            (from..to).map(|number| format!("{{\"id\":\"EUVD-{number}\",\"enisaUuid\":\"u\"}}")).collect();
        Reply::ok(format!("{{\"items\":[{}],\"total\":{total}}}", items.join(",")))
    };
    let path = |number: usize| format!("/api/search?exploited=true&page={number}&size=100");
    world.server.on(&path(0), [page(0, 100, 150)]);
    world.server.on(&path(1), [page(100, 150, 150)]);
    let none = Validators::default();
    let address = world.at("/api/search?exploited=true");
    let delivery = euvd::fetch(&world.fetch(&address, &none, None)).await.unwrap().unwrap();
    let text = &documents(&delivery)[0].1;
    assert_eq!(text.matches("enisaUuid").count(), 150);
    assert!(text.starts_with("[{\"id\":\"EUVD-0\"") && text.ends_with("}]"));
    assert_eq!(euvd::fetch(&world.fetch(&address, &delivery.validators, None)).await, Ok(None));
    world.server.on(&path(1), [page(0, 0, 150)]);
    assert_eq!(euvd::fetch(&world.fetch(&address, &none, None)).await.unwrap_err().code, Code::BadAnswer);
    world.server.on("/api/kev/dump", [Reply::ok("[]"), Reply::ok("[{\"euvdId\":\"EUVD-1\"}]")]);
    let address = world.at("/api/kev/dump");
    assert_eq!(euvd::fetch(&world.fetch(&address, &none, None)).await.unwrap_err().code, Code::BadAnswer);
    assert!(euvd::fetch(&world.fetch(&address, &none, None)).await.unwrap().is_some());
}

#[tokio::test]
async fn repositories_give_only_what_is_theirs() {
    let world = world();
    let page = "---\ntitle: Thing\nreleases:\n-   releaseCycle: \"1\"\n---\n";
    world.server.on(
        "/eol.zip",
        [Reply::ok(zipped(&[("e-main/products/a.md", page), ("e-main/README.md", "# read"), ("e-main/p.json", "{}")]))],
    );
    let none = Validators::default();
    let address = world.at("/eol.zip");
    let delivery = end_of_life::fetch(&world.fetch(&address, &none, None)).await.unwrap().unwrap();
    assert_eq!(documents(&delivery), [("e-main/products/a.md".to_owned(), page.to_owned())]);
    let vex = r#"{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}"#;
    world.server.on("/main.zip", [Reply::ok(zipped(&[("v/pkg/a.json", vex), ("v/index.json", "{\"packages\":[]}")]))]);
    let manifest = format!(
        r#"{{"name":"v","versions":[{{"spec_version":"0.1","locations":[{{"url":"{}"}},{{"url":"{}"}}]}}]}}"#,
        world.at("/gone.zip"),
        world.at("/main.zip")
    );
    world.server.on("/vex-repository.json", [Reply::ok(manifest)]);
    for path in ["/main.zip", "/vex-repository.json"] {
        let address = world.at(path);
        let delivery = openvex::fetch(&world.fetch(&address, &none, None), "hub").await.unwrap().unwrap();
        assert_eq!(delivery.feed, "openvex/hub");
        assert_eq!(documents(&delivery), [("v/pkg/a.json".to_owned(), vex.to_owned())], "{path}");
    }
    world.server.on("/vex-repository.json", [Reply::ok(r#"{"versions":[]}"#)]);
    let address = world.at("/vex-repository.json");
    assert_eq!(openvex::fetch(&world.fetch(&address, &none, None), "hub").await.unwrap_err().code, Code::BadAnswer);
}

#[tokio::test]
async fn cve_records_come_whole_and_then_by_their_changes() {
    let world = world();
    world.server.on(
        "/cves.zip",
        [Reply::ok(zipped(&[("cves/2026/1xxx/CVE-2026-1001.json", "{1}"), ("cves/delta.json", "{}")]))],
    );
    let run = |at: &str, ids: &[&str]| {
        let new: Vec<String> = ids.iter().map(|id| format!("{{\"cveId\":\"{id}\",\"githubLink\":\"x\"}}")).collect();
        format!("{{\"fetchTime\":\"{at}\",\"new\":[{}],\"updated\":[],\"error\":[]}}", new.join(","))
    };
    let first = run("2026-11-01T00:00:00.000Z", &["CVE-2026-1001"]);
    world.server.on("/cves/deltaLog.json", [Reply::ok(format!("[{first}]"))]);
    let none = Validators::default();
    let address = world.at("/cves.zip");
    let changes = world.at("/cves");
    let all = cve::fetch(&world.fetch(&address, &none, None), Some(&changes)).await.unwrap().unwrap();
    assert!(all.is_complete);
    assert_eq!(documents(&all), [("cves/2026/1xxx/CVE-2026-1001.json".to_owned(), "{1}".to_owned())]);
    assert_eq!(cve::fetch(&world.fetch(&address, &all.validators, None), Some(&changes)).await, Ok(None));
    let second = run("2026-11-02T00:00:00.000Z", &["CVE-2026-2002", "CVE-2026-3003", "../../etc"]);
    world.server.on("/cves/deltaLog.json", [Reply::ok(format!("[{second},{first}]"))]);
    world.server.on("/cves/2026/2xxx/CVE-2026-2002.json", [Reply::ok("{2}")]);
    let delta = cve::fetch(&world.fetch(&address, &all.validators, None), Some(&changes)).await.unwrap().unwrap();
    assert!(!delta.is_complete);
    assert_eq!(documents(&delta), [("2026/2xxx/CVE-2026-2002.json".to_owned(), "{2}".to_owned())]);
    assert_eq!(
        refusals(&delta),
        [("etc".to_owned(), "bad-answer".to_owned()), ("CVE-2026-3003.json".to_owned(), "not-found".to_owned()),]
    );
    assert_eq!(delta.validators.cursor.as_deref(), Some("2026-11-02T00:00:00.000Z"));
    // What could not be fetched is tried again, though the list does not name it anew.
    assert_eq!(delta.validators.again, ["CVE-2026-3003"]);
    world.server.on("/cves/2026/3xxx/CVE-2026-3003.json", [Reply::ok("{3}")]);
    let again = cve::fetch(&world.fetch(&address, &delta.validators, None), Some(&changes)).await.unwrap().unwrap();
    assert_eq!(documents(&again), [("2026/3xxx/CVE-2026-3003.json".to_owned(), "{3}".to_owned())]);
    assert_eq!(again.validators.again, Vec::<String>::new());
    // The list no longer reaches back to what is there: all of it comes again.
    world.server.on("/cves/deltaLog.json", [Reply::ok(format!("[{second}]"))]);
    let known = Validators { digest: None, ..all.validators };
    assert!(cve::fetch(&world.fetch(&address, &known, None), Some(&changes)).await.unwrap().unwrap().is_complete);
}
