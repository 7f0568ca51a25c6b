// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Planted secrets and what only looks like one. All are made here; none opens anything.

use proptest::prelude::*;

use super::*;

/// Letters by a rule that nobody would take for an example.
fn letters(count: usize, kinds: &[u8], mut seed: u64) -> String {
    let mut text = String::new();
    for _ in 0..count {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(char::from(kinds[(seed >> 33) as usize % kinds.len()]));
    }
    text
}

const ALL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn with_checksum(begin: &str, seed: u64) -> String {
    let random = letters(30, ALL, seed);
    let mut sum = flate2::Crc::new();
    sum.update(random.as_bytes());
    let mut left = sum.sum();
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut check = Vec::new();
    for _ in 0..6 {
        check.insert(0, digits[(left % 62) as usize]);
        left /= 62;
    }
    format!("{begin}{random}{}", String::from_utf8(check).expect("letters"))
}

fn pypi(seed: u8) -> String {
    use base64::Engine as _;
    let mut bytes = vec![2, 1, 8];
    bytes.extend(b"pypi.org");
    bytes.extend([2, 36]);
    bytes.extend((0..36).map(|at| at ^ seed));
    bytes.extend([0, 0, 6, 32]);
    bytes.extend((0..32_u8).map(|at| at.wrapping_mul(37) ^ seed));
    format!("pypi-{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

fn pem(label: &str, seed: u64) -> String {
    let begin = ["-----BEGIN ", label, "-----\n"].concat();
    let lines: Vec<String> = (0..4).map(|line| letters(64, ALL, seed + line)).collect();
    format!("{begin}{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A key as OpenSSH writes it: a magic, the cipher, the function that makes its key, and the kind of the key in both parts.
fn openssh(cipher: &str, kind: &str, key_bytes: usize) -> String {
    use base64::Engine as _;
    let field = |bytes: &[u8]| [&u32::try_from(bytes.len()).expect("small").to_be_bytes()[..], bytes].concat();
    let random = |count, seed| letters(count, ALL, seed).into_bytes();
    let public = [field(kind.as_bytes()), field(&random(key_bytes, 60))].concat();
    let secret =
        [vec![7; 8], public.clone(), field(&random(key_bytes, 61)), field(b"a@b"), vec![1, 2, 3, 4, 5]].concat();
    let function = if cipher == "none" { field(b"none") } else { field(b"bcrypt") };
    let options = if cipher == "none" { field(b"") } else { field(&random(24, 62)) };
    let magic = b"openssh-key-v1\0".to_vec();
    let all =
        [magic, field(cipher.as_bytes()), function, options, vec![0, 0, 0, 1], field(&public), field(&secret)].concat();
    let text = base64::engine::general_purpose::STANDARD.encode(all);
    let lines: Vec<&str> = text.as_bytes().chunks(70).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let label = "OPENSSH PRIVATE KEY-----";
    [&["-----BEGIN ", label, "\n"].concat(), &lines.join("\n"), &["\n-----END ", label, "\n"].concat()]
        .map(String::as_str)
        .concat()
}

/// A text in a file, and which secret is sure in it.
fn planted() -> Vec<(&'static str, String, FaultCode)> {
    use FaultCode as C;
    let key = |seed| letters(40, ALL, seed);
    vec![
        ("deploy/key.pem", pem("RSA PRIVATE KEY", 1), C::SecretPrivateKey),
        ("deploy/id", pem("OPENSSH PRIVATE KEY", 2), C::SecretPrivateKey),
        ("src/key.go", format!("key := \"{}\"", pem("EC PRIVATE KEY", 3).replace('\n', "\\n")), C::SecretPrivateKey),
        ("a.py", format!("AWS = 'AKIA{}'\nKEY = '{}'\n", letters(16, BASE32, 4), key(5)), C::SecretAws),
        ("ci.yml", format!("token: {}\n", with_checksum("ghp_", 6)), C::SecretGithub),
        ("tests/ci.yml", format!("token: {}\n", with_checksum("ghs_", 7)), C::SecretGithub),
        ("a.env", format!("PAT=github_pat_{}_{}", letters(22, ALL, 8), letters(59, ALL, 9)), C::SecretGithub),
        (".npmrc", format!("//registry.npmjs.org/:_authToken={}", with_checksum("npm_", 10)), C::SecretNpm),
        (".pypirc", format!("password = {}\n", pypi(3)), C::SecretPypi),
        ("a.sh", format!("curl -H 'PRIVATE-TOKEN: glpat-{}'", letters(20, ALL, 11)), C::SecretGitlab),
        (
            "bot.js",
            format!("'xoxb-{}-{}-{}'", 7_263_918_406_u64, 8_519_470_362_u64, letters(24, ALL, 12)),
            C::SecretSlack,
        ),
        (
            "hook.rb",
            format!(
                "https://hooks.slack.com/services/T{}/B{}/{}",
                letters(9, BASE32, 13),
                letters(9, BASE32, 14),
                letters(24, ALL, 15)
            ),
            C::SecretSlack,
        ),
        ("oauth.json", format!("\"GOCSPX-{}\"", letters(28, ALL, 16)), C::SecretGoogle),
        ("a.config", format!("AccountName=x;AccountKey={}==;", letters(86, ALL, 17)), C::SecretAzure),
        ("pay.php", format!("'sk_live_{}'", letters(24, ALL, 18)), C::SecretStripe),
        ("mail.py", format!("SG.{}.{}", letters(22, ALL, 19), letters(43, ALL, 20)), C::SecretSendgrid),
        ("do.tf", format!("dop_v1_{}", letters(64, HEX, 21)), C::SecretDigitalocean),
        ("db.yml", format!("url: postgres://app:{}@db.prod.gov.de:5432/app", letters(14, ALL, 22)), C::SecretDatabase),
        ("id_ed25519", openssh("none", "ssh-ed25519", 51), C::SecretPrivateKey),
        ("id_ecdsa", openssh("none", "ecdsa-sha2-nistp256", 104), C::SecretPrivateKey),
        ("id_rsa", openssh("none", "ssh-rsa", 407), C::SecretPrivateKey),
        ("key.py", format!("KEY = \"{}\"", openssh("none", "ssh-rsa", 279).replace('\n', "\\n")), C::SecretPrivateKey),
        ("store.db", format!("\0\u{1}head\0{}", pem("EC PRIVATE KEY", 23)), C::SecretPrivateKey),
    ]
}

/// What looks like a secret and is none, or none that anybody could be sure of.
fn harmless() -> Vec<(&'static str, String)> {
    vec![
        ("a.py", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned()),
        ("a.py", format!("ghp_{}", letters(36, ALL, 30))),
        ("a.py", format!("npm_{}", letters(36, ALL, 31))),
        ("a.py", "glpat-xxxxxxxxxxxxxxxxxxxx".to_owned()),
        ("README.md", "password = \"correct horse battery staple\"".to_owned()),
        ("db.yml", "postgres://postgres:postgres@localhost:5432/app".to_owned()),
        ("db.yml", "postgres://app:${PASSWORD}@db.prod.gov.de/app".to_owned()),
        ("db.yml", "mysql://user:password1@db.example.com/app".to_owned()),
        ("key.pem", pem("ENCRYPTED PRIVATE KEY", 32)),
        ("key.pem", pem("RSA PRIVATE KEY", 33).replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n")),
        ("key.pem", pem("PUBLIC KEY", 34)),
        ("cert.pem", pem("CERTIFICATE", 35)),
        ("a.c", "if (strstr(line, \"-----BEGIN RSA PRIVATE KEY-----\")) return 1;".to_owned()),
        ("a.sh", format!("x='glpat-{}' # gitleaks:allow", letters(20, ALL, 36))),
        ("a.ts", "const token: string = await this.tokens.read('session');".to_owned()),
        ("lock.json", format!("\"integrity\": \"sha512-{}==\"", letters(86, ALL, 37))),
        ("a.rb", "secret_key_base: <%= ENV[\"SECRET_KEY_BASE\"] %>".to_owned()),
        ("a.js", format!("sk_test_{}", letters(24, ALL, 38))),
        ("a.bin", format!("\0ghp_{}", letters(36, ALL, 39))),
        ("A.java", "String PASSWORD = \"log4j2.Configuration.trustStorePassword2\";".to_owned()),
        ("pay.php", "'sk_live_00000000000000000000000000'".to_owned()),
        ("id", openssh("aes256-ctr", "ssh-ed25519", 51)),
        ("id", openssh("chacha20-poly1305@openssh.com", "ssh-rsa", 407)),
        ("key.pem", format!("{}{}\n", ["-----BEGIN ", "PRIVATE KEY-----\n"].concat(), "EXAMPLEKEY".repeat(12))),
        ("key.pem", format!("{}{}\n", ["-----BEGIN ", "PRIVATE KEY-----\n"].concat(), letters(64, ALL, 41) + &"x".repeat(40))),
        ("a.c", "begin = \"-----BEGIN RSA PRIVATE KEY-----\"; read_all_lines(file, begin, end); return parse_them(file, other_things, more_of_it);".to_owned()),
    ]
}

#[test]
fn planted_secrets_are_found_and_nothing_else_is_sure() {
    let scanner = Scanner::new().expect("a scanner");
    let (mut right, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for (path, text, code) in planted() {
        let found: Vec<FaultCode> =
            scanner.scan(path, text.as_bytes()).into_iter().filter(|one| one.is_sure).map(|one| one.code).collect();
        if found == [code] { right += 1 } else { missed.push((path, code, found)) }
    }
    for (path, text) in harmless() {
        wrong.extend(scanner.scan(path, text.as_bytes()).into_iter().filter(|one| one.is_sure).map(|one| (path, one)));
    }
    println!("sure: {right} of {} found, {} wrong among {}", planted().len(), wrong.len(), harmless().len());
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:?}, wrong {wrong:?}");
}

#[test]
fn a_place_is_its_line_and_a_value_in_tests_is_a_hint() {
    let scanner = Scanner::new().expect("a scanner");
    let text = format!("one\ntwo\nx = 'glpat-{}'\n", letters(20, ALL, 40));
    let found = scanner.scan("src/a.py", text.as_bytes());
    assert_eq!((found[0].line, found[0].code, found[0].is_sure), (3, FaultCode::SecretGitlab, true));
    for path in ["tests/a.py", "src/test_a.py", "docs/use.html", "app/fixtures/a.json", "README.md", "a_test.go"] {
        assert_eq!(
            scanner.scan(path, text.as_bytes()).iter().map(|one| one.is_sure).collect::<Vec<_>>(),
            [false],
            "{path}"
        );
    }
    let assigned = format!("api_key = \"{}\"", letters(32, ALL, 41));
    for (text, count) in [
        (assigned.clone(), 1),
        (assigned.replace("api_key", "colour"), 0),
        (format!("{{\"password\": \"{}\"}}", letters(24, ALL, 42)), 1),
    ] {
        let found = scanner.scan("src/a.py", text.as_bytes());
        assert_eq!(found.len(), count, "{text}");
        assert!(found.iter().all(|one| !one.is_sure && one.code == FaultCode::SecretAssigned));
    }
}

#[test]
fn what_may_be_a_password_is_a_hint_in_settings_and_near_machines() {
    let scanner = Scanner::new().expect("a scanner");
    let password = letters(12, ALL, 45) + "q7";
    for (path, text, count) in [
        (".env", format!("DATABASE_URL=postgres://app:{password}@db/app"), 1),
        (".env", format!("U=amqp://app:{password}@10.0.0.7:5672"), 1),
        ("compose.yml", format!("redis://x:{password}@localhost:6379"), 1),
        ("a.md", format!("postgres://app:{password}@db.example.com/app"), 0),
        (".env", format!("A=1\nPASSWORD={password}\nB=2"), 1),
        ("app.properties", format!("spring.datasource.password={password}\n"), 1),
        ("run.sh", format!("export API_TOKEN={}\n", letters(30, ALL, 46) + "aB3"), 1),
        ("values.yml", format!("  dbPassword: {password}\n"), 1),
        (".env", "PASSWORD=\nTOKEN=$TOKEN\nSECRET=${SECRET}\nPASSWORD_FILE=/run/secrets/db1\n".to_owned(), 0),
        ("a.rs", "    token: token_of_1(),\n    secret: Secret2,\n".to_owned(), 0),
        ("a.yml", "password: changeme1\ntoken_url: https://a1.example/x\nmax_tokens: 4096\n".to_owned(), 0),
    ] {
        let found = scanner.scan(path, text.as_bytes());
        assert_eq!(found.len(), count, "{text} {found:?}");
        assert!(found.iter().all(|one| !one.is_sure), "{text}");
    }
}

#[test]
fn texts_of_two_bytes_are_read_and_packed_files_are_told() {
    let scanner = Scanner::new().expect("a scanner");
    let text = format!("one\nx = 'glpat-{}'\n", letters(20, ALL, 47));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [&[0xff, 0xfe][..], &little].concat();
    for bytes in [little, big, marked] {
        let found = scanner.scan("a.ps1", &bytes);
        assert_eq!(found.iter().map(|one| (one.line, one.code)).collect::<Vec<_>>(), [(2, FaultCode::SecretGitlab)]);
    }
    assert!(is_closed(b"PK\x03\x04 and more") && is_closed(b"\x1f\x8b\x08"));
    assert!(!is_closed(b"PK is a text") && !is_closed(b"\x89PNG") && !is_closed(b""));
}

#[test]
fn checksums_hold_only_for_real_tokens() {
    // The example of the maintainers of npm's format and of many scanners.
    assert!(has_github_checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));
    assert!(!has_github_checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"));
    assert!(!has_github_checksum(b""));
    assert!(is_pypi_macaroon(pypi(9).trim_start_matches("pypi-").as_bytes()));
    assert!(!is_pypi_macaroon(&pypi(9).trim_start_matches("pypi-").as_bytes()[..60]));
}

proptest! {
    #[test]
    fn nothing_panics_and_lines_are_inside(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "(password|-----BEGIN |eyJ|ghp_|postgres://|AKIA|[a-z:='\"@./ \n-]){0,40}") {
        let scanner = Scanner::new().expect("a scanner");
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            for found in scanner.scan("a", bytes) {
                prop_assert!(found.line as usize <= lines && found.line > 0);
            }
        }
    }
}
