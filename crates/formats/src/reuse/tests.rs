// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Small trees with and without faults. The same and many more are held against the tool of REUSE by `e2e/reuse-lint.sh`.

use proptest::prelude::*;
use underpin_model::practices::FaultCode;

use super::*;

// REUSE-IgnoreStart
const HEAD: &str = "SPDX-FileCopyrightText: Zwirbelina\nSPDX-License-Identifier: MIT\n";
// REUSE-IgnoreEnd
const MIT: (&str, &str) = ("LICENSES/MIT.txt", "words");

/// The faults of a tree, as `code path detail`.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let mut files = files.to_vec();
    files.sort_unstable();
    let listed: Vec<Listed<'_>> = files.iter().map(|(path, _)| Listed { path }).collect();
    let read = |place: usize| match files[place].1 {
        "too large" => Err(FaultCode::BeyondLimits),
        "locked" => Err(FaultCode::Unreadable),
        text => Ok(text.as_bytes().to_vec()),
    };
    let found = lint(&Tree { files: &listed, read: &read }).found;
    let told = found.faults.iter().map(|fault| format!("{} {} {}", fault.code.as_str(), fault.path, fault.detail));
    let unsure = found.undecided.iter().map(|fault| format!("? {} {}", fault.code.as_str(), fault.path));
    told.map(|text| text.trim_end().to_owned()).chain(unsure).collect()
}

fn toml(path: &str, precedence: &str, licence: &str) -> String {
    format!(
        "version = 1\n[[annotations]]\npath = \"{path}\"\nprecedence = \"{precedence}\"\nSPDX-FileCopyrightText = \"J\"\n\
         SPDX-License-Identifier = \"{licence}\"\n"
    )
}

#[test]
fn headers_and_files_beside() {
    assert_eq!(faults(&[MIT, ("a.c", HEAD)]), [""; 0]);
    assert_eq!(faults(&[MIT, ("a.c", HEAD), ("b.c", "x")]), ["no-copyright b.c", "no-licensing b.c"]);
    assert_eq!(faults(&[MIT, ("a.c", "x"), ("a.c.license", HEAD)]), [""; 0]);
    assert_eq!(faults(&[MIT, ("b.c", HEAD), ("a.c", HEAD), ("a.c.license", "Copyright J")]), ["no-licensing a.c"]);
    assert_eq!(faults(&[MIT, ("a.c", HEAD), ("empty", "")]), [""; 0], "an empty file has nothing to protect");
}

#[test]
fn texts_of_licences() {
    assert_eq!(faults(&[("a.c", HEAD)]), ["licence-text-missing a.c MIT"]);
    for (path, expected) in [
        ("LICENSES/ISC.txt", vec!["licence-unused LICENSES/ISC.txt ISC"]),
        ("LICENSES/ISC", vec!["licence-without-ending LICENSES/ISC ISC", "licence-unused LICENSES/ISC ISC"]),
        ("LICENSES/Own.txt", vec!["unknown-licence LICENSES/Own.txt Own", "licence-unused LICENSES/Own.txt Own"]),
        ("LICENSES/MIT.md", vec!["twice LICENSES/MIT.txt MIT"]),
        ("LICENSES/ISC.txt.license", vec![]),
    ] {
        assert_eq!(faults(&[MIT, ("a.c", HEAD), (path, "words")]), expected, "{path}");
    }
    let old = HEAD.replace("MIT", "GPL-2.0");
    assert_eq!(
        faults(&[("LICENSES/GPL-2.0.txt", "words"), ("a.c", &old)]),
        ["deprecated-licence LICENSES/GPL-2.0.txt GPL-2.0"]
    );
}

#[test]
fn tables_against_headers() {
    let isc = ("LICENSES/ISC.txt", "words");
    for (precedence, expected) in [
        ("closest", vec!["licence-unused LICENSES/ISC.txt ISC"]),
        ("aggregate", vec![]),
        ("override", vec!["licence-unused LICENSES/MIT.txt MIT"]),
    ] {
        assert_eq!(faults(&[MIT, isc, ("a.c", HEAD), ("REUSE.toml", &toml("**", precedence, "ISC"))]), expected);
    }
    let half = "Copyright J\n";
    assert_eq!(faults(&[MIT, ("a.c", half), ("REUSE.toml", &toml("**", "closest", "MIT"))]), [""; 0]);
    let (outer, inner) = (toml("**", "override", "MIT"), toml("**", "override", "ISC"));
    let nested = [MIT, isc, ("REUSE.toml", &outer), ("b/REUSE.toml", &inner), ("b/c", "x")];
    assert_eq!(faults(&nested), ["licence-unused LICENSES/ISC.txt ISC"], "the outermost has the last word");
}

#[test]
fn declarations_that_cannot_be_read() {
    assert_eq!(faults(&[MIT, ("a.c", HEAD), ("REUSE.toml", "version")]), ["malformed-toml REUSE.toml"]);
    let dep5 = "Format: x\n\nFiles: *\nCopyright: J\nLicense: MIT\n";
    assert_eq!(faults(&[MIT, ("a.c", "x"), (".reuse/dep5", dep5)]), [""; 0]);
    let both = [MIT, ("a.c", HEAD), (".reuse/dep5", dep5), ("REUSE.toml", "version = 1")];
    assert_eq!(faults(&both), ["dep5-and-toml .reuse/dep5"]);
}

#[test]
fn what_is_not_read_is_said() {
    assert_eq!(faults(&[MIT, ("a.c", HEAD), ("b", "too large")]), ["? beyond-limits b"]);
    assert_eq!(faults(&[MIT, ("a.c", HEAD), ("b", "locked")]), ["unreadable b"]);
}

proptest! {
    #[test]
    fn hostile_trees_never_break_the_reader(
        files in proptest::collection::vec(("[a-zA-Z./*\\\\]{0,12}|REUSE.toml|.reuse/dep5|LICENSES/[a-z.]{0,5}", any::<String>()), 0..6)
    ) {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        faults(&files);
    }
}
