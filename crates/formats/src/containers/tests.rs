// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables of containers, good and hostile: what is handed over and what is refused.

use std::io::Write;

use proptest::prelude::*;
use zip::unstable::write::FileOptionsExt as _;

use super::*;

/// What came out, as `path = text` and `path: code` lines.
fn lines_within(bytes: &[u8], path: &str, limits: &Limits) -> Vec<String> {
    let mut lines = Vec::new();
    let flow = unpack(bytes, path, limits, &mut |item| {
        lines.push(line(item));
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    let mut from_file = Vec::new();
    let flow = unpack_file(Cursor::new(bytes), path, limits, &mut |item| {
        from_file.push(line(item));
        ControlFlow::Continue(())
    });
    assert_eq!(flow.unwrap(), ControlFlow::Continue(()));
    let is_container = !matches!(detect(bytes), None | Some(Kind::Spreadsheet));
    let same = if is_container { lines.clone() } else { Vec::new() };
    assert_eq!(from_file, same, "{path}: a file gives what memory gives");
    lines
}

fn lines(bytes: &[u8], path: &str) -> Vec<String> {
    lines_within(bytes, path, &Limits::default())
}

fn line(item: Item<'_>) -> String {
    match item {
        Item::Member(member) => format!("{} = {}", member.path, String::from_utf8_lossy(&member.bytes)),
        Item::Issue(issue) => format!("{}: {}", issue.path, issue.code.as_str()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_with(members: &[(&str, &[u8])], options: zip::write::SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, zip::write::SimpleFileOptions::default())
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A tar member whose header says exactly what a hostile producer wants it to say.
fn raw_tar_member(name: &[u8], kind: tar::EntryType, size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header.as_bytes().to_vec()
}

#[test]
fn what_is_not_packed_is_handed_over_borrowed() {
    let bytes = b"{}".to_vec();
    let mut seen = 0;
    let flow = unpack(&bytes, "a.json", &Limits::default(), &mut |item| {
        let Item::Member(Member { path, depth: 0, bytes: Cow::Borrowed(inner) }) = item else { panic!("{item:?}") };
        assert_eq!((path.as_str(), inner), ("a.json", &b"{}"[..]));
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((seen, flow), (1, ControlFlow::Break(())));
}

#[test]
fn compressors_are_known_by_content() {
    for (packed, path, expected) in [
        (gzip(b"x"), "a/sbom.json.gz", "a/sbom.json = x"),
        (zstd(b"x"), "sbom.json.zst", "sbom.json = x"),
        (xz(b"x"), "sbom.json.xz", "sbom.json = x"),
        (bzip2(b"x"), "sbom.json.bz2", "sbom.json = x"),
        (gzip(b"x"), "sbom.json", "sbom.json = x"),
        (gzip(b""), "empty.gz", "empty = "),
        ([gzip(b"x"), gzip(b"y")].concat(), "two.gz", "two = xy"),
        ([zstd(b"x"), zstd(b"y")].concat(), "two.zst", "two = xy"),
        ([xz(b"x"), xz(b"y")].concat(), "two.xz", "two = xy"),
        ([bzip2(b"x"), bzip2(b"y")].concat(), "two.bz2", "two = xy"),
        ([gzip(b"x"), vec![0; 100]].concat(), "padded.gz", "padded = x"),
        (gzip(&zstd(&xz(b"x"))), "a.xz.zst.gz", "a = x"),
    ] {
        assert_eq!(lines(&packed, path), [expected], "{path}");
    }
}

#[test]
fn archives_are_taken_apart_at_every_level() {
    let inner = tar(&[("./one", b"1"), ("two/b", b"2")]);
    for (packed, path, expected) in [
        (inner.clone(), "a.tar", vec!["a.tar!one = 1", "a.tar!two/b = 2"]),
        (gzip(&inner), "a.tgz", vec!["a.tgz!one = 1", "a.tgz!two/b = 2"]),
        (zip(&[("x", b"1"), ("dir\\y", b"")]), "a.zip", vec!["a.zip!x = 1", "a.zip!dir/y = "]),
        (
            zip(&[("in.tar.gz", &gzip(&inner)), ("c.json.gz", &gzip(b"3")), ("d", b"4")]),
            "a.zip",
            vec!["a.zip!in.tar.gz!one = 1", "a.zip!in.tar.gz!two/b = 2", "a.zip!c.json = 3", "a.zip!d = 4"],
        ),
        (
            gzip(&tar(&[("in.zip", &zip(&[("x", b"1")])), ("in.tar", &inner)])),
            "a.tar.gz",
            vec!["a.tar.gz!in.zip!x = 1", "a.tar.gz!in.tar!one = 1", "a.tar.gz!in.tar!two/b = 2"],
        ),
        (
            zip(&[("[Content_Types].xml", b"<Types/>"), ("META-INF/sbom/bom.json", b"{}")]),
            "letter.docx",
            vec!["letter.docx![Content_Types].xml = <Types/>", "letter.docx!META-INF/sbom/bom.json = {}"],
        ),
        (zip(&[]), "empty.zip", vec![]),
    ] {
        assert_eq!(lines(&packed, path), expected, "{path}");
    }
}

#[test]
fn every_form_of_tar_is_read() {
    let long = "n".repeat(150) + "/" + &"m".repeat(150);
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(1);
    builder.append_pax_extensions([("path", long.as_bytes())]).unwrap();
    builder.append_data(&mut header, "short", &b"p"[..]).unwrap();
    let pax = builder.into_inner().unwrap();
    let mut old = tar::Header::new_old();
    old.set_size(1);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut old, "old", &b"o"[..]).unwrap();
    let mut unclosed = builder.into_inner().unwrap();
    unclosed.truncate(1024);
    for (bytes, expected) in [
        (tar(&[(&long, b"g")]), format!("a!{long} = g")),
        (pax, format!("a!{long} = p")),
        (unclosed, "a!old = o".to_owned()),
    ] {
        assert_eq!(lines(&bytes, "a"), [expected.as_str()]);
        assert_eq!(lines(&zstd(&bytes), "a"), [expected]);
    }
}

#[test]
fn spreadsheets_stay_whole() {
    let xlsx = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
    let whole = lines(&xlsx, "survey.xlsx");
    assert_eq!(whole.len(), 1);
    assert!(whole[0].starts_with("survey.xlsx = PK"));
    assert!(lines(&zip(&[("in.xlsx", &xlsx)]), "a.zip")[0].starts_with("a.zip!in.xlsx = PK"));
}

#[test]
fn what_could_do_harm_is_refused_and_the_rest_is_kept() {
    use tar::EntryType;
    for (name, kind, expected) in [
        (&b"../up"[..], EntryType::Regular, "a.tar: unsafe-path"),
        (b"in/../../up", EntryType::Regular, "a.tar: unsafe-path"),
        (b"/etc/shadow", EntryType::Regular, "a.tar: unsafe-path"),
        (b"soft", EntryType::Symlink, "a.tar!soft: link-refused"),
        (b"hard", EntryType::Link, "a.tar!hard: link-refused"),
        (b"disk", EntryType::Block, "a.tar!disk: device-refused"),
        (b"tty", EntryType::Char, "a.tar!tty: device-refused"),
        (b"pipe", EntryType::Fifo, "a.tar!pipe: device-refused"),
        (b"what", EntryType::new(b'Z'), "a.tar!what: unsupported-member"),
    ] {
        let bytes = [raw_tar_member(name, kind, 0), tar(&[("good", b"g")])].concat();
        assert_eq!(lines(&bytes, "a.tar"), [expected, "a.tar!good = g"], "{name:?}");
        assert_eq!(lines(&gzip(&bytes), "a.tar"), [expected, "a.tar!good = g"], "{name:?} packed");
    }
}

#[test]
fn zip_members_that_could_do_harm_are_refused() {
    let options = zip::write::SimpleFileOptions::default();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link", "good", options).unwrap();
    let secret = options.with_deprecated_encryption(b"secret").unwrap();
    writer.start_file("locked", secret).unwrap();
    writer.write_all(b"hidden").unwrap();
    for name in ["XX/up", "/etc/shadow", "good"] {
        writer.start_file(name, options).unwrap();
        writer.write_all(b"g").unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    while let Some(at) = memchr::memmem::find(&bytes, b"XX/up") {
        bytes[at..at + 2].copy_from_slice(b"..");
    }
    assert_eq!(
        lines(&bytes, "a.zip"),
        [
            "a.zip!link: link-refused",
            "a.zip!locked: encrypted-member",
            "a.zip: unsafe-path",
            "a.zip: unsafe-path",
            "a.zip!good = g",
        ]
    );
}

#[test]
fn damage_costs_one_member_only() {
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        let text = b"the quick brown fox jumps over the lazy dog";
        let mut bytes = zip_with(&[("bad", text), ("good", b"g")], options);
        bytes[33 + 12] ^= 0x55;
        assert_eq!(lines(&bytes, "a.zip"), ["a.zip!bad: malformed-member", "a.zip!good = g"], "{method:?}");
    }
}

#[test]
fn truncated_archives_keep_what_came_before() {
    let noise: Vec<u8> = (0..400_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let members: &[(&str, &[u8])] = &[("first", b"1"), ("second", &noise)];
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() * 2 / 3);
        bytes
    };
    for (bytes, path, expected) in [
        (cut(tar(members)), "a.tar", vec!["a.tar!first = 1", "a.tar!second: truncated-archive"]),
        (cut(gzip(&tar(members))), "a.tgz", vec!["a.tgz!first = 1", "a.tgz!second: truncated-archive"]),
        (cut(zstd(&tar(members))), "a.tzst", vec!["a.tzst!first = 1", "a.tzst!second: truncated-archive"]),
        (
            cut(zip(members)),
            "a.zip",
            vec!["a.zip!first = 1", "a.zip!second: malformed-member", "a.zip: truncated-archive"],
        ),
        (cut(gzip(&noise)), "a.gz", vec!["a.gz: truncated-archive"]),
        (cut(xz(&noise)), "a.xz", vec!["a.xz: truncated-archive"]),
        (cut(bzip2(&noise)), "a.bz2", vec!["a.bz2: truncated-archive"]),
        (cut(zstd(&noise)), "a.zst", vec!["a.zst: truncated-archive"]),
        (tar(members)[..700].to_vec(), "b.tar", vec!["b.tar!first = 1", "b.tar: truncated-archive"]),
        (
            [tar(&[("good", b"g")])[..1024].to_vec(), vec![b'x'; 100]].concat(),
            "c.tar",
            vec!["c.tar!good = g", "c.tar: truncated-archive"],
        ),
        (
            [tar(&[("good", b"g")])[..1024].to_vec(), vec![b'x'; 512]].concat(),
            "d.tar",
            vec!["d.tar!good = g", "d.tar: malformed-archive"],
        ),
    ] {
        assert_eq!(lines(&bytes, path), expected, "{path}");
    }
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits { evidence_bytes: 64 << 20, archive_bytes: 8 << 20, ..Limits::default() };
    let zeros = vec![0_u8; 6 << 20];
    let mut overlapping: Vec<(String, &[u8])> = Vec::new();
    for index in 0..12 {
        overlapping.push((format!("m{index}"), &zeros[..1 << 20]));
    }
    let many: Vec<(&str, &[u8])> = overlapping.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    for (bytes, path, expected) in [
        (zstd(&zeros), "a.zst", vec!["a.zst: compression-bomb"]),
        (gzip(&zeros), "a.gz", vec!["a.gz: compression-bomb"]),
        (bzip2(&zeros), "a.bz2", vec!["a.bz2: compression-bomb"]),
        (xz(&zeros), "a.xz", vec!["a.xz: compression-bomb"]),
        (zip(&[("z", &zeros), ("good", b"g")]), "a.zip", vec!["a.zip!z: compression-bomb", "a.zip!good = g"]),
        (zstd(&tar(&[("good", b"g"), ("z", &zeros)])), "a.tzst", vec!["a.tzst!good = g", "a.tzst!z: compression-bomb"]),
        (zstd(&zip(&[("z", &zstd(&zeros))])), "b.zip.zst", vec!["b.zip!z: compression-bomb"]),
    ] {
        assert_eq!(lines_within(&bytes, path, &limits), expected, "{path}");
    }
    // Twelve members below every ratio: the total stops them, and what came before is kept.
    let got = lines_within(&zip(&many), "many.zip", &Limits { compression_ratio: 1 << 30, ..limits });
    assert_eq!(got.len(), 9);
    assert_eq!(got.last().map(String::as_str), Some("many.zip!m8: compression-bomb"));
}

#[test]
fn archives_of_files_that_repeat_each_other_are_no_bombs() {
    // Package lists of many hosts: each is unlike itself, but like the others.
    let mut state = 1_u32;
    let list: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(100_000)
    .collect();
    let names: Vec<String> = (0..300).map(|host| format!("host-{host}/status")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), list.as_slice())).collect();
    let packed = xz(&tar(&members));
    assert!(30_000_000 / packed.len() as u64 > Limits::default().compression_ratio, "{}", packed.len());
    let got = lines(&packed, "hosts.tar.xz");
    assert_eq!(got.len(), 300);
    assert!(got.iter().all(|line| line.contains("/status = ")));
}

#[test]
fn a_nested_bomb_is_stopped_by_the_outermost_size() {
    // Sixteen zips in each of sixteen zips, each with a page of zeros: every single ratio is modest.
    let mut level = zip(&[("zeros", &vec![0_u8; 1 << 20][..])]);
    for _ in 0..3 {
        let names: Vec<String> = (0..16).map(|index| format!("{index}.zip")).collect();
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), level.as_slice())).collect();
        level = zip(&members);
    }
    assert!(level.len() < 64 << 10, "{}", level.len());
    let got = lines(&level, "42.zip");
    assert_eq!(got.iter().filter(|line| line.ends_with(": compression-bomb")).count(), 1);
    let most = level.len() as u64 * Limits::default().archive_ratio / (1 << 20);
    assert!((got.len() as u64) < most + 16, "{} of {most}", got.len());
}

#[test]
fn spreadsheets_are_measured_before_they_are_opened() {
    let limits = Limits::default();
    let (good, bomb) = (zip(&[("a", b"12345"), ("b", b"678")]), zip(&[("a", &vec![0; 6 << 20])]));
    assert_eq!(measure_spreadsheet(&good, "x", &limits), Ok(8));
    for (bytes, code) in [(&bomb[..], IssueCode::CompressionBomb), (&good[..20], IssueCode::MalformedArchive)] {
        assert_eq!(measure_spreadsheet(bytes, "x", &limits).unwrap_err().code, code);
    }
}

#[test]
fn headers_without_end_are_refused() {
    let bytes = [raw_tar_member(b"x", tar::EntryType::GNULongName, 8 << 20), vec![b'n'; 8 << 20]].concat();
    assert_eq!(lines(&bytes, "a.tar"), ["a.tar: compression-bomb"]);
}

#[test]
fn limits_hold() {
    let limits = Limits { archive_members: 2, archive_depth: 2, evidence_bytes: 3, path_bytes: 5, ..Limits::default() };
    let three: &[(&str, &[u8])] = &[("a", b"1"), ("b", b"2"), ("c", b"3")];
    let xlsx = zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]);
    let nested = zip(&[("i.zip", &zip(&[("i.gz", &gzip(b"x"))]))]);
    let wide = Limits { evidence_bytes: 10_000, ..limits.clone() };
    for (bytes, limits, expected) in [
        (zip(three), &limits, vec!["p!a = 1", "p!b = 2", "p: too-many-members"]),
        (tar(three), &limits, vec!["p!a = 1", "p!b = 2", "p: too-many-members"]),
        (tar(&[("large", b"1234"), ("b", b"2")]), &limits, vec!["p!large: too-large", "p!b = 2"]),
        (gzip(&tar(&[("large", b"1234"), ("b", b"2")])), &limits, vec!["p!large: too-large", "p!b = 2"]),
        (zip(&[("large", b"1234"), ("b", b"2")]), &limits, vec!["p!large: too-large", "p!b = 2"]),
        (gzip(b"1234"), &limits, vec!["p: too-large"]),
        (zip(&[("longer", b"1")]), &limits, vec!["p: path-too-long"]),
        (nested, &wide, vec!["p!i.zip!i.gz: too-deep"]),
        (gzip(&gzip(&gzip(b"x"))), &wide, vec!["p: too-deep"]),
        (gzip(&gzip(b"x")), &wide, vec!["p = x"]),
        (gzip(&gzip(&xlsx)), &wide, vec!["p = PK"]),
    ] {
        let mut got = lines_within(&bytes, "p", limits);
        got.iter_mut().filter(|line| line.starts_with("p = PK")).for_each(|line| line.truncate(6));
        assert_eq!(got, expected);
    }
}

#[test]
fn codes_are_unique_and_kebab_case() {
    let mut codes: Vec<_> = IssueCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), IssueCode::ALL.len());
}

proptest! {
    #[test]
    fn damaged_containers_never_panic(
        which in 0_usize..7,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        keep in any::<prop::sample::Index>(),
    ) {
        let members: &[(&str, &[u8])] = &[("a.json", b"{\"a\": 1}"), ("b/c.txt", b"some text, some more text")];
        let mut bytes = match which {
            0 => tar(members),
            1 => zip(members),
            2 => gzip(&tar(members)),
            3 => zstd(&tar(members)),
            4 => xz(b"text"),
            5 => bzip2(b"text"),
            _ => zip(&[("in.tar", &tar(members)), ("in.zip", &zip(members))]),
        };
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(keep.index(bytes.len() + 1));
        let limits = Limits { archive_bytes: 1 << 20, evidence_bytes: 1 << 20, ..Limits::default() };
        let mut bytes_seen = 0;
        let flow = unpack(&bytes, "x", &limits, &mut |item| {
            if let Item::Member(member) = item {
                bytes_seen += member.bytes.len();
            }
            ControlFlow::Continue(())
        });
        prop_assert_eq!(flow, ControlFlow::Continue(()));
        prop_assert!(bytes_seen <= 2 << 20);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = lines(&bytes, "x");
    }
}
