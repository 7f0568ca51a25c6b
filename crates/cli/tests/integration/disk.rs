// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Disks that are full or cannot be written: the error says so, and what was acknowledged stays.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::documents::{cyclonedx, estate};
use crate::house::{BINARY, House, done};

/// A small disk of its own, taken away at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where mounting is not allowed.
    fn mount(folder: PathBuf, options: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&folder)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            underpin_testkit::skip("the right to mount a small disk");
        }
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

/// Documents whose packages repeat nowhere, so that they take room.
fn bulky(house: &House, count: usize) {
    for number in 0..count {
        let packages: Vec<String> =
            (0..400).map(|part| format!("bulk-{number}-{part}-{:x}@1", number * 7_919 + part * 104_729)).collect();
        house.write(&format!("bulky/{number:03}.json"), &cyclonedx(&format!("bulk-{number}"), &packages));
    }
}

#[test]
fn a_full_disk_keeps_what_was_acknowledged() {
    let house = House::with_limits("batch_documents = 4");
    let Some(disk) = SmallDisk::mount(house.path("small"), "size=3m") else { return };
    let data = disk.0.join("data");
    for (name, bytes) in estate(8) {
        house.write(&name, &bytes);
    }
    let first = house.run_on(&data, &["add", "estate", "--as-systems", "office", "--format", "json"]).answer();
    assert_eq!(first["accepted"].as_u64(), Some(8));
    bulky(&house, 120);
    let full = house.run_on(&data, &["add", "bulky", "--as-systems", "office", "--acknowledge"]);
    assert_eq!(full.error_code(), "disk-full", "{full:?}");
    assert!(full.stderr.contains("hint: free some space"), "{}", full.stderr);
    let acknowledged: usize = full
        .stderr
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .map(|line| line["documents"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(acknowledged > 0 && acknowledged < 120, "{acknowledged}");
    let remounted = Command::new("mount").args(["-o", "remount,size=200m"]).arg(&disk.0).status().expect("mounts");
    assert!(remounted.success());
    let kept = documents(&house, &data);
    assert!(kept >= 8 + acknowledged, "{kept} documents of 8 and {acknowledged}");
    assert_eq!(house.run_on(&data, &["doctor", "--deep", "--format", "json"]).code, doctor_code(&house, &data));
    let rest = house.run_on(&data, &["add", "bulky", "--as-systems", "office", "--format", "json"]).answer();
    assert_eq!(rest["duplicates"].as_u64(), Some(kept as u64 - 8));
    assert_eq!(documents(&house, &data), 128);
}

/// Left-over files and little room may be found; damage may not.
fn doctor_code(house: &House, data: &Path) -> Option<i32> {
    let done = house.run_on(data, &["doctor", "--deep", "--format", "json"]);
    let health: serde_json::Value = serde_json::from_str(&done.stdout).expect("JSON");
    let findings = health["findings"].as_array().expect("findings");
    assert!(findings.iter().all(|one| one["code"] == "low-space" || one["code"] == "orphan"), "{findings:?}");
    done.code
}

fn documents(house: &House, data: &Path) -> usize {
    let done = house.run_on(data, &["sql", "SELECT count(*) AS n FROM document", "--format", "ndjson"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let row: serde_json::Value = serde_json::from_str(&done.stdout).expect("a row");
    row["n"].as_u64().expect("a number") as usize
}

#[test]
fn a_disk_that_cannot_be_written_is_named() {
    let house = House::new();
    house.write("in.json", &cyclonedx("a", &["b@1".to_owned()]));
    let Some(disk) = SmallDisk::mount(house.path("fixed"), "size=1m,ro") else { return };
    let refused = house.run_on(&disk.0.join("data"), &["add", "in.json"]);
    assert_eq!(refused.error_code(), "not-writable", "{refused:?}");
    assert!(refused.stderr.contains("fixed/data") && refused.stderr.contains("hint: "), "{}", refused.stderr);
}

/// The data directory belongs to somebody else. Root may write everywhere, so root runs this as somebody else.
#[cfg(unix)]
#[test]
fn a_folder_of_somebody_else_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let house = House::new();
    let binary = house.path("underpin");
    if std::fs::hard_link(BINARY, &binary).is_err() {
        std::fs::copy(BINARY, &binary).expect("a copy of the binary");
    }
    let open = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    open(&house.path(""), 0o755);
    house.write("in.json", &cyclonedx("a", &["b@1".to_owned()]));
    std::fs::create_dir(house.path("locked")).expect("a folder");
    open(&house.path("locked"), 0o555);
    let mut command = Command::new(&binary);
    command.current_dir(house.path("")).env_clear().env("USER", "test");
    command.args(["--data", "locked/data", "add", "in.json"]);
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|metadata| {
        use std::os::unix::fs::MetadataExt as _;
        metadata.uid() == 0
    });
    if is_root {
        command.uid(65_534).gid(65_534);
    }
    let refused = done(command.output().expect("the binary runs"));
    open(&house.path("locked"), 0o755);
    assert_eq!(refused.error_code(), "not-writable", "{refused:?}");
    assert!(refused.stderr.contains("locked/data") && refused.stderr.contains("hint: "), "{}", refused.stderr);
}
