// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The scripts for an agency that has no tool: they collect what a package manager knows, and nothing else.
//!
//! Each script is one readable file without dependencies. It packs `os-release`, the databases of dpkg, apk and rpm, and
//! lockfiles below the folders given, into one archive with relative paths, and prints what it packed. It reads no other
//! file, sends nothing, and leaves out the home folders of other people and the file systems of the kernel.

/// For which shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectScript {
    /// POSIX shell, for Linux and other Unix systems.
    Shell,
    /// Windows PowerShell 5.1 or newer.
    PowerShell,
}

/// The text of the script, ready to be written to a file.
pub fn collect_script(kind: CollectScript) -> &'static str {
    match kind {
        CollectScript::Shell => include_str!("collect.sh"),
        CollectScript::PowerShell => include_str!("collect.ps1"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::ops::ControlFlow;
    use std::path::Path;
    use std::process::Command;

    use underpin_model::Limits;

    use super::*;
    use crate::containers::{Item, unpack};
    use crate::reader::{Probe, detect};

    /// A small system: what must be packed, and what must not.
    fn system(root: &Path) {
        for (path, text) in [
            ("etc/os-release", "ID=debian\nVERSION_ID=12\n"),
            ("etc/passwd", "root:x:0:0::/root:/bin/sh\n"),
            ("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n"),
            ("lib/apk/db/installed", "C:Q1x=\nP:b\nV:1-r0\nA:x86_64\n"),
            ("srv/app one/requirements.txt", "django==4.2\n"),
            ("srv/app one/go.mod", "module example.org/app\ngo 1.21.3\n"),
            ("srv/app one/secret.env", "PASSWORD=x\n"),
            ("srv/app one/node_modules/dep/package-lock.json", "{}"),
            ("proc/1/requirements.txt", "never==1\n"),
            ("home/somebody/project/requirements.txt", "private==1\n"),
        ] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// Path behind the archive and identifier of the reader.
    fn contents(archive: &Path) -> BTreeMap<String, &'static str> {
        let mut found = BTreeMap::new();
        let flow = unpack(&fs::read(archive).unwrap(), "a", &Limits::default(), &mut |item| {
            let Item::Member(member) = item else { panic!("{item:?}") };
            let path = member.path.trim_start_matches("a!").to_owned();
            let file_name = path.rsplit('/').next().unwrap_or_default();
            let reader = detect(&Probe { bytes: &member.bytes, file_name, path: &path }).map_or("", |reader| reader.id);
            found.insert(path, reader);
            ControlFlow::Continue(())
        });
        assert_eq!(flow, ControlFlow::Continue(()));
        found
    }

    #[test]
    #[cfg(unix)]
    fn the_shell_script_packs_what_it_says_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        system(&root);
        let script = folder.path().join("collect.sh");
        fs::write(&script, collect_script(CollectScript::Shell)).unwrap();
        let expected: BTreeMap<String, &str> = [
            ("etc/os-release", ""),
            ("lib/apk/db/installed", "apk-installed"),
            ("srv/app one/go.mod", "go-mod"),
            ("srv/app one/requirements.txt", "requirements-txt"),
            ("var/lib/dpkg/status", "dpkg-status"),
        ]
        .into_iter()
        .map(|(path, reader)| (path.to_owned(), reader))
        .collect();
        for packer in ["zip", "tar", "python3"] {
            let archive = folder.path().join(format!("out-{packer}"));
            let output = Command::new("sh")
                .arg(&script)
                .args(["--root".as_ref(), root.as_os_str(), "--packer".as_ref(), packer.as_ref(), "--output".as_ref()])
                .arg(&archive)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.code() == Some(3) {
                underpin_testkit::skip(packer);
                continue;
            }
            assert!(output.status.success(), "{packer}: {said}{}", String::from_utf8_lossy(&output.stderr));
            let archive = said.lines().last().and_then(|line| line.strip_prefix("written: ")).unwrap().to_owned();
            assert_eq!(contents(Path::new(&archive)), expected, "{packer}");
            assert!(expected.keys().all(|path| said.contains(path.as_str())), "{said}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn names_and_links_lead_the_shell_script_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("root"), folder.path().join("shadow"));
        system(&root);
        fs::write(&outside, "root:secret").unwrap();
        let app = root.join("srv/app");
        // Two lines in a list: the second one, taken by itself, is another file.
        let smuggled = format!("x\n{}", outside.display());
        for name in [&format!("{smuggled}/go.mod"), "x\netc/passwd", "x\netc/go.sum", "go.mod\n../../etc/passwd"] {
            let path = app.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "module x").unwrap();
        }
        fs::write(root.join("etc/go.sum"), "real").unwrap();
        fs::create_dir_all(app.join("-rf")).unwrap();
        fs::write(app.join("-rf/pom.xml"), "<project/>").unwrap();
        std::os::unix::fs::symlink(&outside, app.join("Cargo.lock")).unwrap();
        std::os::unix::fs::symlink("../usr/lib/os-release", root.join("etc/os-release-link")).unwrap();
        fs::remove_file(root.join("etc/os-release")).unwrap();
        fs::create_dir_all(root.join("usr/lib")).unwrap();
        fs::write(root.join("usr/lib/os-release"), "ID=debian\n").unwrap();
        std::os::unix::fs::symlink("../usr/lib/os-release", root.join("etc/os-release")).unwrap();
        let script = folder.path().join("collect.sh");
        fs::write(&script, collect_script(CollectScript::Shell)).unwrap();
        for packer in ["zip", "tar", "python3"] {
            let arguments = ["--packer", packer, "--root"];
            let archive = folder.path().join(format!("out-{packer}"));
            let mut command = Command::new("sh");
            command.arg(&script).args(arguments).arg(&root).arg("--output").arg(&archive);
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.code() == Some(3) {
                underpin_testkit::skip(packer);
                continue;
            }
            assert!(output.status.success(), "{packer}: {said}{}", String::from_utf8_lossy(&output.stderr));
            let archive = said.lines().last().and_then(|line| line.strip_prefix("written: ")).unwrap().to_owned();
            let found: Vec<String> = contents(Path::new(&archive)).into_keys().collect();
            let expected = [
                "etc/go.sum",
                "etc/os-release",
                "lib/apk/db/installed",
                "srv/app one/go.mod",
                "srv/app one/requirements.txt",
                "srv/app/-rf/pom.xml",
                "usr/lib/os-release",
                "var/lib/dpkg/status",
            ];
            assert_eq!(found, expected, "{packer}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_shell_script_refuses_what_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("collect.sh");
        fs::write(&script, collect_script(CollectScript::Shell)).unwrap();
        for (arguments, code) in [(vec!["--wrong"], 2), (vec!["--root", "/no/such/folder"], 2), (vec!["--help"], 0)] {
            let status = Command::new("sh").arg(&script).args(&arguments).output().unwrap().status;
            assert_eq!(status.code(), Some(code), "{arguments:?}");
        }
    }

    #[test]
    fn both_scripts_look_for_the_same_lockfiles() {
        let names = |text: &'static str, comment: &str| -> Vec<&str> {
            let start = text.split_once(&format!("{comment} lockfiles:begin")).unwrap().1;
            let list = start.split_once(&format!("{comment} lockfiles:end")).unwrap().0;
            let mut names: Vec<&str> = list
                .split(|c: char| !(c.is_ascii_alphanumeric() || ".-_*".contains(c)))
                .filter(|word| word.contains('.') && word.len() > 3)
                .collect();
            names.sort_unstable();
            names
        };
        let shell = names(collect_script(CollectScript::Shell), "#");
        assert_eq!(shell, names(collect_script(CollectScript::PowerShell), "#"));
        assert!(shell.len() > 20, "{shell:?}");
    }
}
