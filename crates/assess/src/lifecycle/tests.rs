// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn until(text: &str) -> Until {
    match text {
        "" => Until::Unknown,
        "open" => Until::Open,
        "over" => Until::Over,
        date => Until::Date(day(date)),
    }
}

/// Cycle, name, active, security and extended support.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn product(id: &'static str, category: &'static str, purls: &[&'static str], rows: &[Row]) -> Lifecycle<'static> {
    let releases = rows.iter().map(|(cycle, codename, active, security, extended)| Release {
        cycle: (*cycle).into(),
        codename: (*codename).into(),
        active_support: until(active),
        security_support: until(security),
        extended_support: until(extended),
        ..Release::default()
    });
    let identifiers = purls.iter().map(|purl| ("purl".into(), (*purl).into())).collect();
    Lifecycle {
        id: id.into(),
        category: category.into(),
        identifiers,
        releases: releases.collect(),
        ..Lifecycle::default()
    }
}

fn all() -> Vec<Lifecycle<'static>> {
    vec![
        product(
            "python",
            "lang",
            &["pkg:generic/python", "pkg:deb/debian/python3.11", "pkg:docker/library/python"],
            &[
                ("3.14", "", "2027-10-01", "2030-10-31", ""),
                ("3.11", "", "2024-04-01", "2027-10-31", ""),
                ("3.1", "", "2011-06-20", "2012-04-09", ""),
            ],
        ),
        product("django", "framework", &[], &[("5.2", "", "2025-12-31", "2028-04-30", "")]),
        product(
            "spring-framework",
            "framework",
            &[],
            &[("6.1", "", "", "2025-06-30", "2026-06-30"), ("5.3", "", "", "over", "open")],
        ),
        product(
            "debian",
            "os",
            &[],
            &[("12", "Bookworm", "", "2026-07-11", "2028-06-30"), ("11", "Bullseye", "", "2024-08-14", "2026-08-31")],
        ),
        product("ubuntu", "os", &[], &[("22.04", "Jammy Jellyfish", "2024-09-30", "2027-04-01", "2032-04-09")]),
        product("alpine-linux", "os", &[], &[("3.16", "", "", "2024-05-23", ""), ("3.1", "", "", "2016-11-01", "")]),
        product("rhel", "os", &[], &[("8", "", "2024-05-31", "2029-05-31", "2032-05-31")]),
        product("centos", "os", &[], &[("8", "", "2021-12-31", "2021-12-31", ""), ("7", "", "", "2024-06-30", "")]),
        product("centos-stream", "os", &[], &[("9", "", "", "2027-05-31", ""), ("8", "", "", "2024-05-31", "")]),
        product("amazon-linux", "os", &[], &[("2023", "", "", "2029-06-30", ""), ("2", "", "", "2026-06-30", "")]),
        product(
            "sles",
            "os",
            &[],
            &[("15.4", "", "", "2023-12-31", "2026-12-31"), ("15.0", "", "", "2019-12-31", "over")],
        ),
        product("opensuse", "os", &[], &[("15.3", "", "", "2022-12-31", "")]),
        product(
            "mule",
            "server-app",
            &[],
            &[("4.9-lts", "", "", "open", ""), ("4.9", "", "", "over", ""), ("4.8", "", "", "over", "")],
        ),
        product("haiku", "os", &[], &[("1", "", "", "open", "")]),
        product(
            "one",
            "app",
            &["pkg:npm/shared", "pkg:rpm/x/y?repository_url=https://example.org"],
            &[("1", "", "", "open", "")],
        ),
        product("two", "app", &["pkg:npm/shared"], &[("1", "", "", "over", "")]),
    ]
}

#[test]
fn cycles_of_versions() {
    let all = all();
    let products = Products::new(&all);
    for (id, version, expected) in [
        ("python", "3.11.4", Some("3.11")),
        ("python", "3.1", Some("3.1")),
        ("python", "3.1.5", Some("3.1")),
        ("python", "3.11", Some("3.11")),
        ("python", "3.11rc1", Some("3.11")),
        ("python", "v3.11.4", Some("3.11")),
        ("python", "2:3.11.2-6+deb12u1", Some("3.11")),
        ("python", "3.110", None),
        ("python", "3.12.0", None),
        ("mule", "4.9.16", None),
        ("mule", "4.9", Some("4.9")),
        ("mule", "4.9-lts", Some("4.9-lts")),
        ("mule", "4.8.1", Some("4.8")),
        ("python", "3", None),
        ("python", "", None),
        ("debian", "bookworm", Some("12")),
        ("ubuntu", "jammy", Some("22.04")),
        ("ubuntu", "Jammy Jellyfish", Some("22.04")),
        ("sles", "15-SP4", Some("15.4")),
        ("sles", "15 sp4", Some("15.4")),
        ("sles", "15", None),
    ] {
        let lifecycle = products.get(id).expect("a product of the sample");
        assert_eq!(cycle(lifecycle, version).map(|release| &*release.cycle), expected, "{id} {version}");
    }
}

/// Cycles and their newest versions as the source's own files have them, read line by line.
#[test]
fn newest_versions_lead_to_their_cycles() {
    let Some(folder) = underpin_testkit::data("endoflife/products") else { return };
    let value = |line: &str, key: &str| {
        let (_, rest) = line.split_once(key)?;
        let text = rest.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (mut found, mut wrong, mut total) = (0, Vec::new(), 0);
    for file in std::fs::read_dir(folder).expect("a folder") {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let (_, rows) = text.split_once("\nreleases:").unwrap_or_default();
        let mut lifecycle = Lifecycle::default();
        for line in rows.lines().take_while(|line| *line != "---") {
            if let Some(cycle) = value(line, "- releaseCycle:") {
                lifecycle.releases.push(Release { cycle: cycle.into(), ..Release::default() });
            } else if let (Some(latest), Some(last)) = (value(line, "  latest:"), lifecycle.releases.last_mut()) {
                last.latest = latest.into();
            }
        }
        for release in lifecycle.releases.iter().filter(|release| !release.latest.is_empty()) {
            total += 1;
            match cycle(&lifecycle, &release.latest) {
                Some(other) if other.cycle == release.cycle => found += 1,
                Some(other) => wrong.push(format!(
                    "{}: {} is of {}, not {}",
                    path.display(),
                    release.latest,
                    release.cycle,
                    other.cycle
                )),
                None => {}
            }
        }
    }
    eprintln!("cycles: {found} of {total} found, {} to another cycle", wrong.len());
    assert!(total > 6_000 && found * 100 >= total * 95, "{found} of {total}");
    // Rows of the source whose newest version carries the number of another cycle.
    assert!(wrong.len() <= 10, "{wrong:#?}");
}

#[test]
fn platforms_by_any_spelling() {
    let (all, at) = (all(), day("2026-01-01"));
    let products = Products::new(&all);
    for (stated, namespace, expected) in [
        ("debian-11", "", Some(("debian", "11", State::ExtendedOnly))),
        ("debian-11.6", "debian", Some(("debian", "11", State::ExtendedOnly))),
        ("Debian-12", "", Some(("debian", "12", State::Supported))),
        ("debian-bullseye", "", Some(("debian", "11", State::ExtendedOnly))),
        ("11", "debian", Some(("debian", "11", State::ExtendedOnly))),
        ("debian-sid", "", Some(("debian", "", State::Unknown))),
        ("alpine-3.16.2", "", Some(("alpine-linux", "3.16", State::Ended))),
        ("alpine-3.10.2", "", Some(("alpine-linux", "", State::Unknown))),
        ("redhat-8.7", "", Some(("rhel", "8", State::SecurityOnly))),
        ("ubuntu-22.04", "", Some(("ubuntu", "22.04", State::SecurityOnly))),
        ("amazon-2 (Karoo)", "", Some(("amazon-linux", "2", State::Supported))),
        ("amzn-2023", "", Some(("amazon-linux", "2023", State::Supported))),
        ("sles-15", "", Some(("sles", "15.0", State::Ended))),
        ("sles-15.4", "", Some(("sles", "15.4", State::ExtendedOnly))),
        ("opensuse.leap-15.3", "", Some(("opensuse", "15.3", State::Ended))),
        ("centos-7", "", Some(("centos", "7", State::Ended))),
        ("centos-8", "", Some(("centos-stream", "8", State::Ended))),
        ("centos-9", "", Some(("centos-stream", "9", State::Supported))),
        ("haiku-1", "", Some(("haiku", "1", State::Supported))),
        ("python-3.11", "", None),
        ("norvania-7", "", None),
        ("", "", None),
    ] {
        let found = products.judge_platform(stated, namespace, at);
        let found = found
            .as_ref()
            .map(|it| (&*it.lifecycle.id, it.release.map_or("", |release| &*release.cycle), it.support.state));
        assert_eq!(found, expected, "{stated}");
    }
    let between = products.judge_platform("centos-8", "", day("2023-01-01")).map(|it| it.support.state);
    assert_eq!(between, Some(State::Supported), "it may be CentOS Stream");
}

#[test]
fn packages_by_source_and_own_table() {
    let (all, at) = (all(), day("2026-01-01"));
    let products = Products::new(&all);
    for (purl, version, expected) in [
        (("generic", "", "python"), "3.1.5", Some(("python", State::Ended, false))),
        (("deb", "debian", "python3.11"), "3.11.2-6", Some(("python", State::SecurityOnly, true))),
        (("pypi", "", "Django"), "5.2.1", Some(("django", State::SecurityOnly, false))),
        (("pypi", "", "django"), "1.11", Some(("django", State::Unknown, false))),
        (
            ("maven", "org.springframework", "spring-core"),
            "6.1.3",
            Some(("spring-framework", State::ExtendedOnly, false)),
        ),
        (("maven", "org.springframework.boot", "spring-boot"), "3.1", None),
        (("npm", "", "shared"), "1.0", None),
        (("npm", "", "django"), "5.2", None),
        (("rpm", "x", "y"), "1.0", None),
        (("", "", ""), "1.0", None),
    ] {
        let found = products.judge_package(purl, version, at);
        let found = found.as_ref().map(|it| (&*it.lifecycle.id, it.support.state, it.is_carried_by_distribution));
        assert_eq!(found, expected, "{purl:?} {version}");
    }
}

#[test]
fn states_over_time() {
    let release = |active, security, extended| Release {
        active_support: until(active),
        security_support: until(security),
        extended_support: until(extended),
        ..Release::default()
    };
    let whole = release("2024-01-10", "2026-01-10", "2028-01-10");
    for (at, state, ends, soon) in [
        ("2024-01-10", State::Supported, Some("2026-01-10"), false),
        ("2024-01-11", State::SecurityOnly, Some("2026-01-10"), false),
        ("2025-12-11", State::SecurityOnly, Some("2026-01-10"), true),
        ("2025-12-10", State::SecurityOnly, Some("2026-01-10"), false),
        ("2026-01-10T23:59:59Z", State::SecurityOnly, Some("2026-01-10"), true),
        ("2026-01-11", State::ExtendedOnly, Some("2028-01-10"), false),
        ("2028-01-11", State::Ended, None, false),
    ] {
        let found = support(&whole, day(at));
        assert_eq!(
            (found.state, found.ends(), found.ends_within(day(at), 30)),
            (state, ends.map(day), Some(soon)),
            "{at}"
        );
    }
    for (active, security, extended, state) in [
        ("", "", "", State::Unknown),
        ("over", "", "", State::Unknown),
        ("open", "", "", State::Supported),
        ("", "open", "", State::Supported),
        ("", "over", "", State::Ended),
        ("", "over", "open", State::ExtendedOnly),
        ("over", "", "open", State::ExtendedOnly),
        ("over", "", "over", State::Ended),
    ] {
        let found = support(&release(active, security, extended), day("2026-01-01"));
        assert_eq!(found.state, state, "{active} {security} {extended}");
        assert_eq!(found.ends_within(day("2026-01-01"), 90).is_none(), state == State::Unknown);
    }
}

#[test]
fn own_tables_are_in_order() {
    let canonical = |id: &str| underpin_model::distribution::canonical(id).into_owned();
    for (id, products) in facts::PLATFORMS {
        assert_eq!((canonical(id), products.is_empty()), ((*id).to_owned(), false));
    }
    let mut keys: Vec<&str> = facts::PACKAGES.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), facts::PACKAGES.len(), "a package has one product");
}

proptest! {
    /// Time only takes support away.
    #[test]
    fn support_never_comes_back(active in 0_i64..50, security in 0_i64..50, extended in 0_i64..50, at in 0_i64..60, later in 0_i64..60) {
        let moment = |day: i64| Timestamp(day * Timestamp::DAY_US);
        let (security, extended) = (active.max(security), active.max(security).max(extended));
        let dated = |day: i64| Until::Date(moment(day));
        let release = Release {
            active_support: dated(active),
            security_support: dated(security),
            extended_support: dated(extended),
            ..Release::default()
        };
        let (first, second) = (support(&release, moment(at)), support(&release, moment(at + later)));
        prop_assert!(first.state <= second.state && first.state != State::Unknown);
        prop_assert!(first.ends().is_none_or(|end| end >= moment(at)));
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,12}", cycle in "\\PC{0,6}") {
        let all = all();
        let products = Products::new(&all);
        let _ = (products.judge_platform(&text, &cycle, Timestamp(0)), products.of_package(&text, &cycle, &text));
        prop_assert!(!spelling::begins_with(&text, &cycle) || !cycle.is_empty());
    }
}
