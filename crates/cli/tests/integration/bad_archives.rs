// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bad archives: members that leave the archive, links, devices, bombs. What is good beside them is taken in.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::documents::cyclonedx;
use crate::house::House;

fn good(name: &str) -> Vec<u8> {
    cyclonedx(name, &[format!("{name}-part@1")])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packs");
    encoder.finish().expect("packs")
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("packs");
    }
    writer.finish().expect("a zip").into_inner()
}

/// A tar member with any name and kind; the library would refuse these names.
fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, kind: tar::EntryType, link: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    let fields = header.as_gnu_mut().expect("a GNU header");
    fields.name[..name.len()].copy_from_slice(name.as_bytes());
    fields.linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    archive.append(&header, bytes).expect("a member");
}

fn hostile_tar() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    append(&mut archive, "good.json", tar::EntryType::Regular, "", &good("in-tar"));
    append(&mut archive, "../escaped.json", tar::EntryType::Regular, "", &good("escaped"));
    append(&mut archive, "/tmp/absolute.json", tar::EntryType::Regular, "", &good("absolute"));
    append(&mut archive, "link.json", tar::EntryType::Symlink, "/etc/passwd", b"");
    append(&mut archive, "hard.json", tar::EntryType::Link, "good.json", b"");
    append(&mut archive, "disk", tar::EntryType::Block, "", b"");
    append(&mut archive, "terminal", tar::EntryType::Char, "", b"");
    append(&mut archive, "pipe", tar::EntryType::Fifo, "", b"");
    archive.into_inner().expect("a tar")
}

#[test]
fn what_is_hostile_is_left_out_and_what_is_good_is_taken() {
    let house = House::with_limits("archive_depth = 2\narchive_bytes = 30000000");
    let zeros = vec![b' '; 20_000_000];
    let nested = gzip(&gzip(&gzip(&gzip(&good("too-deep")))));
    let mut cut = gzip(&good("cut"));
    cut.truncate(cut.len() - 30);
    let mut damaged = zip_of(&[("a.json", &good("damaged-zip"))]);
    damaged[60] ^= 0xff;
    for (name, bytes) in [
        ("a-hostile.tar", hostile_tar()),
        ("b-escaping.zip", zip_of(&[("good.json", &good("in-zip")), ("../../escaped.json", &good("zip-escaped"))])),
        ("c-bomb.json.gz", gzip(&zeros)),
        ("d-bomb.zip", zip_of(&[("good.json", &good("beside-a-bomb")), ("bomb.json", &zeros)])),
        ("e-deep.json.gz", nested),
        ("f-cut.json.gz", cut),
        ("g-damaged.zip", damaged),
        ("h-good.tar.zst", zstd::encode_all(hostile_tar().as_slice(), 1).expect("packs")),
    ] {
        house.write(&format!("in/{name}"), &bytes);
    }
    let report = house.json(&["add", "in"]);
    let mut skipped: Vec<(String, String)> = report["skipped_files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| {
            (file["path"].as_str().expect("a path").to_owned(), file["code"].as_str().expect("a code").to_owned())
        })
        .collect();
    skipped.sort();
    let skipped: Vec<(&str, &str)> = skipped.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
    let hostile = |name: &'static str| {
        let codes = [
            "unsafe-path",
            "unsafe-path",
            "device-refused",
            "link-refused",
            "link-refused",
            "device-refused",
            "device-refused",
        ];
        let members = ["", "", "!disk", "!hard.json", "!link.json", "!pipe", "!terminal"];
        members.into_iter().zip(codes).map(move |(member, code)| (format!("in/{name}{member}"), code))
    };
    let others = [
        ("in/b-escaping.zip", "unsafe-path"),
        ("in/c-bomb.json.gz", "compression-bomb"),
        ("in/d-bomb.zip!bomb.json", "compression-bomb"),
        ("in/e-deep.json", "too-deep"),
        ("in/f-cut.json.gz", "truncated-archive"),
        ("in/g-damaged.zip!a.json", "malformed-member"),
    ];
    let others = others.map(|(path, code)| (path.to_owned(), code));
    let expected: Vec<(String, &str)> =
        hostile("a-hostile.tar").chain(others).chain(hostile("h-good.tar.zst")).collect();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(path, code)| (path.as_str(), *code)).collect();
    assert_eq!(skipped, expected);
    let accepted: Vec<String> = house
        .sql("SELECT subject FROM catalogue WHERE state = 'accepted' ORDER BY subject")
        .iter()
        .map(|row| row["subject"].as_str().expect("a subject").to_owned())
        .collect();
    assert_eq!(accepted, ["beside-a-bomb", "in-tar", "in-zip"]);
    let counts = ["documents", "accepted", "duplicates", "quarantined", "skipped"].map(|name| report[name].as_u64());
    assert_eq!(counts, [3 + 1 + expected.len() as u64, 3, 1, 0, expected.len() as u64].map(Some));
    assert!(!house.path("escaped.json").exists() && !house.path("in/escaped.json").exists());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_folders_are_not_followed() {
    let house = House::new();
    house.write("outside/secret.json", &good("outside"));
    house.write("in/good.json", &good("inside"));
    std::os::unix::fs::symlink(house.path("outside"), house.path("in/folder")).expect("a link");
    std::os::unix::fs::symlink("../in", house.path("in/ring")).expect("a link");
    let socket = std::os::unix::net::UnixListener::bind(house.path("in/socket")).expect("a socket");
    let report = house.json(&["add", "in"]);
    drop(socket);
    let counts = ["documents", "accepted", "skipped"].map(|name| report[name].as_u64());
    assert_eq!(counts, [Some(4), Some(1), Some(3)]);
    let codes: Vec<_> = report["skipped_files"].as_array().expect("a list").iter().map(|file| &file["code"]).collect();
    assert_eq!(codes, ["not-a-file"; 3]);
}
