// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check` of bundles of git and of repositories at an address: made and served by the real `git`, and planted to do harm.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::house::{Done, House, done};

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Zwirbelina").env(format!("GIT_{who}_EMAIL"), "z@secret.example");
        command.env(format!("GIT_{who}_DATE"), "1767225600 +0000");
    }
    let done = command.output().expect("git runs");
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// A repository with two commits and a tag, on a branch that is no usual one.
fn made(house: &House, options: &[&str]) -> PathBuf {
    house.write("own/SECURITY.md", b"Write to us.\n");
    let folder = house.path("own");
    git(&folder, &[&["init", "--quiet", "--initial-branch=trunk"], options].concat());
    for message in ["first", "second"] {
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", message]);
        house.write("own/LICENSE", b"words\n");
    }
    git(&folder, &["tag", "--annotate", "--message", "release", "v1"]);
    git(&folder, &["branch", "other", "HEAD~1"]);
    folder
}

/// Runs a check with a folder of its own for what is unpacked, and sees that nothing is left in it.
fn checked(house: &House, more: &[&str]) -> Done {
    house.write("temporary/.keep", b"");
    let mut command = house.command(&[&["check", "--only", "files", "--format", "json"], more].concat());
    let answer = done(command.env("TMPDIR", house.path("temporary")).output().expect("it runs"));
    let left: Vec<_> = std::fs::read_dir(house.path("temporary")).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 1, "{left:?} is left: {answer:?}");
    answer
}

fn json(answer: &Done) -> Value {
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

#[test]
fn a_bundle_says_what_its_repository_says() {
    for format in ["sha1", "sha256"] {
        let house = House::new();
        let folder = made(&house, &["--object-format", format]);
        let own = json(&checked(&house, &["own"]));
        git(&folder, &["bundle", "create", "--quiet", "../own.bundle", "--all"]);
        git(&folder, &["bundle", "create", "--quiet", "../tag.any", "v1"]);
        let found = json(&checked(&house, &["own.bundle"]));
        assert_eq!(found, own, "{format}");
        assert_eq!(found["commit"], git(&folder, &["rev-parse", "trunk"]).trim());
        let tag = json(&checked(&house, &["tag.any"]));
        assert_eq!(tag["practices"], own["practices"], "whatever it is called, and without a branch");
        let address = format!("file://{}", house.path("own.bundle").display());
        assert_eq!(json(&checked(&house, &[&address]))["commit"], own["commit"]);
    }
}

#[test]
fn bundles_and_folders_stand_in_one_list() {
    let house = House::new();
    let folder = made(&house, &[]);
    git(&folder, &["bundle", "create", "--quiet", "../own.bundle", "--all"]);
    house.write("broken.bundle", b"# v2 git bundle\nhello\n\n");
    house.write("list", b"# ours\nown.bundle\nbroken.bundle\nown\n");
    let found = checked(&house, &["--list", "list"]);
    let answer = json(&found);
    let all = answer["repositories"].as_array().expect("repositories");
    let paths: Vec<&Value> = all.iter().map(|one| &one["path"]).collect();
    assert_eq!(paths, ["own.bundle", "broken.bundle", "own"]);
    assert_eq!((&all[0]["practices"], &all[1]["error"]["code"]), (&all[2]["practices"], &"no-clone".into()));
    assert!(found.stderr.contains("broken.bundle: line 2"), "{found:?}");
}

#[test]
fn bundles_that_would_do_harm_are_refused_with_the_place() {
    let house = House::new();
    let folder = made(&house, &[]);
    git(&folder, &["bundle", "create", "--quiet", "../own.bundle", "--all"]);
    git(&folder, &["bundle", "create", "--quiet", "../thin.bundle", "HEAD~1..trunk"]);
    let good = std::fs::read(house.path("own.bundle")).expect("a bundle");
    let at = good.windows(2).position(|two| two == b"\n\n").expect("a header") + 2;
    let (header, pack) = (String::from_utf8_lossy(&good[..at]).into_owned(), &good[at..]);
    let id = git(&folder, &["rev-parse", "trunk"]).trim().to_owned();
    let with = |header: String, pack: &[u8]| [header.as_bytes(), pack].concat();
    let mut bent = pack.to_vec();
    bent[pack.len() / 2] ^= 0x40;
    let mut many = pack.to_vec();
    many[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
    for (name, bytes, place) in [
        ("path", with(format!("# v2 git bundle\n{id} refs/heads/../../../x\n\n"), pack), "the name"),
        ("outside", with(format!("# v2 git bundle\n{id} config\n\n"), pack), "the name"),
        ("number", with("# v2 git bundle\nabc refs/heads/main\n\n".to_owned(), pack), "the name"),
        ("filter", with(header.replace("# v2 git bundle\n", "# v3 git bundle\n@filter=blob:none\n"), pack), "line 2"),
        ("odd", with(header.replace("# v2 git bundle\n", "# v3 git bundle\n@run=sh\n"), pack), "line 2"),
        ("long", with(format!("# v2 git bundle\n{id} refs/heads/{}", "a".repeat(1 << 20)), b""), "line 2"),
        ("nameless", with("# v2 git bundle\n\n".to_owned(), pack), "its names"),
        ("cut", good[..good.len() - 30].to_vec(), "its objects"),
        ("bent", with(header.clone(), &bent), "its objects"),
        ("many", with(header.clone(), &many), "its objects"),
        ("empty", with(header.clone(), b""), "its objects"),
        ("thin", std::fs::read(house.path("thin.bundle")).expect("a bundle"), "line 2"),
    ] {
        let file = format!("{name}.bundle");
        house.write(&file, &bytes);
        let answer = checked(&house, &[&file]);
        let is_told = answer.stderr.contains(&file) && answer.stderr.contains(place);
        assert!(answer.code == Some(2) && is_told && answer.stderr.contains("git bundle create"), "{name}: {answer:?}");
        assert!(!answer.stderr.contains("underpin-git"), "the folder is gone: {answer:?}");
    }
    house.write("plain.txt", b"# v9 git bundle\n");
    let answer = checked(&house, &["plain.txt"]);
    assert!(answer.code == Some(2) && answer.stderr.contains("no bundle of git"), "{answer:?}");
}

/// A server that hands each question to `git http-backend`, or leads elsewhere.
fn serve(root: PathBuf, elsewhere: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, &root, elsewhere.as_deref());
        }
    });
    address
}

fn answer(mut stream: TcpStream, root: &Path, elsewhere: Option<&str>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut lines, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        lines.push(std::mem::take(&mut line).trim_end().to_owned());
    }
    let header = |name: &str| {
        let found = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
        found.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let mut words = lines.first().map(String::as_str).unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if let Some(place) = elsewhere {
        return write!(
            stream,
            "HTTP/1.1 302 Found\r\nlocation: {place}{target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
    }
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut backend = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REQUEST_METHOD", method)
        .env("CONTENT_TYPE", header("content-type").unwrap_or_default())
        .env("CONTENT_LENGTH", length.to_string())
        .env("GIT_PROTOCOL", header("git-protocol").unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    backend.stdin.take().expect("a pipe").write_all(&body)?;
    let output = backend.wait_with_output()?.stdout;
    let at = output.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_default();
    let head = String::from_utf8_lossy(&output[..at]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nconnection: close\r\n\r\n")?;
    stream.write_all(&output[at + 4..])
}

#[test]
fn a_repository_at_an_address_is_fetched_and_goes_away() {
    for format in ["sha1", "sha256"] {
        let house = House::new();
        let folder = made(&house, &["--object-format", format]);
        git(&folder, &["clone", "--quiet", "--bare", ".", "../served/own.git"]);
        git(&house.path("served/own.git"), &["symbolic-ref", "HEAD", "refs/heads/other"]);
        let own = json(&checked(&house, &["served/own.git"]));
        let server = serve(house.path("served"), None);
        let address = format!("{server}/own.git");
        let refused = checked(&house, &[&address]);
        assert!(refused.code == Some(2) && refused.stderr.contains("--inside"), "{refused:?}");
        let found = json(&checked(&house, &["--inside", &address]));
        assert_eq!(found, own, "{format}");
        assert_eq!(found["commit"], git(&folder, &["rev-parse", "other"]).trim());
        let both = json(&checked(&house, &["--inside", &address, "own"]));
        assert_eq!(both["repositories"][0]["practices"], own["practices"]);
        let none = checked(&house, &["--inside", &format!("{server}/none.git")]);
        assert!(none.code == Some(2) && none.stderr.contains("404"), "{none:?}");
    }
}

#[test]
fn what_leads_elsewhere_or_is_no_repository_is_refused() {
    let house = House::new();
    made(&house, &[]);
    let target = serve(house.path(""), None);
    let leads = serve(house.path(""), Some(target.clone()));
    let elsewhere = checked(&house, &["--inside", &format!("{leads}/own/.git")]);
    assert!(elsewhere.code == Some(2) && elsewhere.stderr.contains("leads elsewhere"), "{elsewhere:?}");
    let server = underpin_testkit::server::Server::start();
    server.on("/page/info/refs?service=git-upload-pack", [underpin_testkit::server::Reply::ok("<html>")]);
    let page = checked(&house, &["--inside", &server.address("127.0.0.1", "/page")]);
    assert!(page.code == Some(2) && page.stderr.contains("no repository of git"), "{page:?}");
    for (address, told) in [
        ("ext::sh -c touch% harmed", "no address that is called"),
        ("ssh://-oProxyCommand=touch/x", "no address that is called"),
        ("git@git.example.gov:a/b", "no address that is called"),
        ("http://user:secret@127.0.0.1/x", "without a user"),
        ("https://127.0.0.2/x", "inside"),
    ] {
        let answer = checked(&house, &[address]);
        assert!(answer.code == Some(2) && !house.path("harmed").exists(), "{answer:?}");
        assert!(answer.stderr.contains(told) || address.starts_with("http://"), "{answer:?}");
        assert!(!answer.stderr.contains("secret"), "{answer:?}");
    }
}
