// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Go advisories that name a package below a module (`golang.org/x/crypto/ssh`), while inventories list modules
//! (`golang.org/x/crypto`).
//!
//! A package belongs to the module with the longest path that leads to it (go.dev/ref/mod, "Resolving a package to a module").
//! Which of the shorter paths are modules is not written anywhere in a record, so a match by such a path says that it is
//! less sure ([`underpin_model::watch::Reason::PackageBelowModule`]). What is known is used: a path element `v2` or `.v2` ends
//! the path of a module, code hosts have a fixed number of elements before the first module, and the Go team's own database
//! (`GO-…`) names modules only, so what it names is no package of a shorter one.

/// Hosts with an owner and a repository in each path; `golang.org/x/…` is alike.
const WITH_OWNER: [&str; 5] = ["github.com", "gitlab.com", "bitbucket.org", "golang.org", "gitee.com"];

/// First elements of the paths of the standard library's packages (pkg.go.dev/std).
pub const STANDARD: [&str; 47] = [
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
];

/// Whether an element ends the path of a module: `v2` and later, or `name.v2` at gopkg.in.
fn ends_module(host: &str, element: &str) -> bool {
    let number = match host {
        "gopkg.in" => element.rsplit_once(".v").map(|(_, number)| number),
        _ => element.strip_prefix('v'),
    };
    number.is_some_and(|number| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (host == "gopkg.in" || (number != "1" && !number.starts_with('0')))
    })
}

/// Paths that a package is looked for under, at most. Modules lie near the root of their repository: a longer path is no
/// module's, and a hostile one would be stored once for each of its elements.
const PATHS: usize = 16;

/// The paths of modules that may hold a package, the longest first; none for what can be nothing but a module.
pub fn above(package: &str) -> Vec<&str> {
    let elements: Vec<&str> = package.split('/').collect();
    let Some((host, _)) = elements.split_first() else { return Vec::new() };
    if !host.contains('.') {
        return match *host {
            "cmd" if elements.len() > 1 => vec!["toolchain"],
            first if STANDARD.contains(&first) => vec!["stdlib"],
            _ => Vec::new(),
        };
    }
    let last_end = elements.iter().rposition(|element| ends_module(host, element)).map(|place| place + 1);
    let least = if WITH_OWNER.contains(host) { 3 } else { 2 };
    let (least, most) = match (*host, last_end) {
        // There every module ends in its version, and none lies below another.
        ("gopkg.in", Some(end)) => (end, end),
        ("gopkg.in", None) => return Vec::new(),
        (_, end) => {
            let least = least.max(end.unwrap_or_default());
            (least, elements.len().min(least + PATHS - 1))
        }
    };
    let mut end = package.len();
    let mut found = Vec::new();
    for count in (1..elements.len()).rev() {
        end -= elements.get(count).map_or(0, |element| element.len()) + 1;
        if (least..=most).contains(&count) {
            found.extend(package.get(..end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modules_that_may_hold_a_package() {
        for (package, expected) in [
            ("golang.org/x/crypto/ssh", &["golang.org/x/crypto"][..]),
            ("golang.org/x/net/http2/h2c", &["golang.org/x/net/http2", "golang.org/x/net"]),
            ("golang.org/x/crypto", &[]),
            ("github.com/o/m", &[]),
            ("github.com/o/m/v2", &[]),
            ("github.com/o/m/v2/part", &["github.com/o/m/v2"]),
            ("github.com/o/m/client/v3", &[]),
            ("github.com/o/m/v1/part", &["github.com/o/m/v1", "github.com/o/m"]),
            ("k8s.io/kubernetes/pkg/kubelet", &["k8s.io/kubernetes/pkg", "k8s.io/kubernetes"]),
            ("gopkg.in/yaml.v2", &[]),
            ("gopkg.in/square/go-jose.v2/cipher", &["gopkg.in/square/go-jose.v2"]),
            ("gopkg.in/x", &[]),
            ("net/http", &["stdlib"]),
            ("cmd/go", &["toolchain"]),
            ("istio", &[]),
            ("stdlib", &[]),
            ("", &[]),
            ("/", &[]),
        ] {
            assert_eq!(above(package), expected, "{package}");
        }
        let deep = format!("git.example/a{}", "/b".repeat(2_000));
        let found = above(&deep);
        assert_eq!((found.len(), found.last()), (PATHS, Some(&"git.example/a")));
    }
}
