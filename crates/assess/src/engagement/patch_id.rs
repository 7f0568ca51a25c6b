// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The number of a patch by what it changes: equal for two patches that make the same change at other lines, in other files' order,
//! with other white space, by another person, at another time.
//!
//! For patches of git it is the number that `git patch-id --stable` gives (git 2.39): the SHA-1 of each file's headers and lines without
//! any white space and without line numbers and blob names, added up as numbers of 160 bits. So anybody can check it with git. A plain
//! patch (`diff -u`, quilt) has no headers of git; those that git would write are put before it, so that both have the same number.
//!
//! Squashed or split changes have other numbers: a patch that is not found this way may still be upstream.

use std::collections::BTreeSet;
use std::fmt;

use sha1::{Digest, Sha1};

/// The number of a patch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatchId(pub [u8; 20]);

impl fmt::Display for PatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The number of a patch; `None` where the text holds no change.
pub fn patch_id(text: &str) -> Option<PatchId> {
    let mut reader = Reader::default();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        reader.read(line, lines.get(at + 1).copied().unwrap_or_default());
    }
    reader.flush();
    reader.has_change.then_some(PatchId(reader.sum))
}

/// Whether a patch is among changes upstream. `None` where the text holds no change.
pub fn is_upstream(text: &str, upstream: &BTreeSet<PatchId>) -> Option<bool> {
    patch_id(text).map(|id| upstream.contains(&id))
}

#[derive(Default)]
struct Reader {
    /// The sum over the files that are complete.
    sum: [u8; 20],
    /// The file at hand: its headers and lines without white space.
    file: Sha1,
    has_change: bool,
    /// Inside the headers of a file of git.
    is_header: bool,
    /// Lines left of the hunk at hand, before and after.
    left: (u64, u64),
    /// Lines of hunks were read since the last file was complete.
    has_hunk: bool,
    /// A binary file was the last one.
    is_after_binary: bool,
    /// Blob names of the file at hand, which count for binary files only.
    blobs: Option<(String, String)>,
}

impl Reader {
    fn read(&mut self, line: &str, following: &str) {
        if self.left != (0, 0) {
            return self.read_in_hunk(line);
        }
        if line.starts_with("diff --git ") {
            if self.has_hunk {
                self.flush();
            }
            self.is_header = true;
            // After a binary file git takes this line for the end of the bytes, and leaves it out.
            if !std::mem::take(&mut self.is_after_binary) {
                self.add(line);
            }
        } else if line.starts_with("--- ") && following.starts_with("+++ ") {
            self.read_names(line, following);
        } else if line.starts_with("+++ ") && self.is_header {
            // It was read with the line before.
            self.is_header = false;
        } else if let Some(counts) = line.strip_prefix("@@ -").and_then(hunk_counts) {
            self.left = counts;
        } else if self.is_header {
            self.read_header(line);
        }
    }

    fn read_in_hunk(&mut self, line: &str) {
        let (before, after) = &mut self.left;
        match line.as_bytes().first() {
            Some(b'-') => *before = before.saturating_sub(1),
            Some(b'+') => *after = after.saturating_sub(1),
            // "\ No newline at end of file".
            Some(b'\\') => return,
            // An empty line is context whose space an editor took away.
            _ => (*before, *after) = (before.saturating_sub(1), after.saturating_sub(1)),
        }
        self.has_change |= line.starts_with(['-', '+']);
        self.has_hunk = true;
        self.add(line);
    }

    /// The two lines with the names of a file. Without headers of git, those are made.
    fn read_names(&mut self, old: &str, new: &str) {
        if self.is_header {
            self.add(old);
            self.add(new);
            return;
        }
        if self.has_hunk {
            self.flush();
        }
        let (old, new) = (plain_name(old), plain_name(new));
        let name = new.or(old).unwrap_or_default();
        self.add(&format!("diff --git a/{name} b/{name}"));
        if old.is_none() {
            self.add("new file mode 100644");
        } else if new.is_none() {
            self.add("deleted file mode 100644");
        }
        let side =
            |name: Option<&str>, side: &str| name.map_or("/dev/null".to_owned(), |name| format!("{side}/{name}"));
        self.add(&format!("--- {}", side(old, "a")));
        self.add(&format!("+++ {}", side(new, "b")));
        self.is_header = true;
    }

    fn read_header(&mut self, line: &str) {
        if let Some(blobs) = line.strip_prefix("index ") {
            let names = blobs.split_whitespace().next().and_then(|names| names.split_once(".."));
            self.blobs = names.map(|(before, after)| (before.to_owned(), after.to_owned()));
        } else if line.starts_with("GIT binary patch") || line.starts_with("Binary files") {
            if let Some((before, after)) = self.blobs.take() {
                self.add(&before);
                self.add(&after);
            }
            self.has_change = true;
            self.is_header = false;
            self.is_after_binary = true;
            self.flush();
        } else if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            self.has_change = true;
            self.add(line);
        } else {
            self.is_header = false;
        }
    }

    fn add(&mut self, line: &str) {
        let kept: Vec<u8> = line.bytes().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).collect();
        self.file.update(&kept);
    }

    /// Adds the file at hand to the sum, lowest byte first, as git does.
    fn flush(&mut self) {
        let digest = self.file.finalize_reset();
        let mut carry = 0;
        for (sum, byte) in self.sum.iter_mut().zip(digest) {
            carry += u16::from(*sum) + u16::from(byte);
            *sum = (carry & 0xff) as u8;
            carry >>= 8;
        }
        self.has_hunk = false;
    }
}

/// Of `12,3 +12,4 @@`: 3 and 4. A count that is left out is 1.
fn hunk_counts(rest: &str) -> Option<(u64, u64)> {
    let (old, rest) = rest.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let count = |range: &str| range.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok());
    Some((count(old)?, count(new)?))
}

/// The name in a line of a plain patch, without the folder before it and without a time; `None` for `/dev/null`.
fn plain_name(line: &str) -> Option<&str> {
    let name = line.get(4..)?.split('\t').next()?.trim();
    if name == "/dev/null" {
        return None;
    }
    Some(name.split_once('/').map_or(name, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHANGE: &str = "\
diff --git a/a.txt b/a.txt
index f384549..ead0338 100644
--- a/a.txt
+++ b/a.txt
@@ -1,4 +1,4 @@
 one
-two
+two and
 three
 four
";
    const CODE: &str = "\
diff --git a/d/b.c b/d/b.c
index 4cce7f6..2017ba1 100644
--- a/d/b.c
+++ b/d/b.c
@@ -1,3 +1,4 @@
 int main() {
+  puts(\"x\");
   return 0;
 }
";
    const NEW: &str = "\
diff --git a/new.txt b/new.txt
new file mode 100644
index 0000000..9c38d10
--- /dev/null
+++ b/new.txt
@@ -0,0 +1,2 @@
+new
+file
\\ No newline at end of file
";
    const SECOND: &str = "\
From 2cefaff29d34b62e1de28c10ad424bf87f1d7a21 Mon Sep 17 00:00:00 2001
Subject: [PATCH] rename, remove, change modes and bytes

---
 bin            | Bin 3 -> 3 bytes
 4 files changed, 2 deletions(-)

diff --git a/bin b/bin
index 8352675d67aed6625ece79af41c27fdb4ee2e867..1592e5c60f1a460928916dc5681fee1a9bd10868 100644
GIT binary patch
literal 3
KcmZQzWCj2L2ml2D

literal 3
KcmZQzWC8#H2LJ>B

diff --git a/a.txt b/c.txt
similarity index 100%
rename from a.txt
rename to c.txt
diff --git a/d/b.c b/d/b.c
old mode 100644
new mode 100755
diff --git a/new.txt b/new.txt
deleted file mode 100644
index 9c38d10..0000000
--- a/new.txt
+++ /dev/null
@@ -1,2 +0,0 @@
-new
-file
\\ No newline at end of file
--\u{20}
2.39.5
";

    fn id(text: &str) -> Option<String> {
        patch_id(text).map(|id| id.to_string())
    }

    /// What `git patch-id --stable` of git 2.39.5 said of the same texts.
    #[test]
    fn it_is_the_number_that_git_gives() {
        let whole =
            format!("From: A\nSubject: [PATCH] change\n\n---\n a.txt | 2 +-\n\n{CHANGE}{CODE}{NEW}-- \n2.39.5\n");
        assert_eq!(id(&whole).as_deref(), Some("c1ad5fcdca8ca8c2cce36f12b15295cbdc42a6a1"));
        assert_eq!(id(SECOND).as_deref(), Some("05d6dfde1bc5b7a55ee1d460fb3447745e6b0a94"));
    }

    #[test]
    fn place_order_and_white_space_do_not_matter() {
        let plain = id(&format!("{CHANGE}{CODE}{NEW}"));
        for text in [
            format!("{NEW}{CHANGE}{CODE}"),
            format!("{CHANGE}{CODE}{NEW}").replace("@@ -1,4 +1,4 @@", "@@ -812,4 +907,4 @@ fn other()"),
            format!("{CHANGE}{CODE}{NEW}").replace("  puts", "\tputs").replace('\n', "\r\n"),
            format!("{CHANGE}{CODE}{NEW}").replace("f384549", "1111111"),
        ] {
            assert_eq!(id(&text), plain, "{text}");
        }
        for text in [
            format!("{CHANGE}{CODE}"),
            format!("{CHANGE}{CODE}{NEW}").replace("two and", "two or"),
            format!("{CHANGE}{CODE}{NEW}").replace("d/b.c", "d/e.c"),
            format!("{CHANGE}{CODE}{NEW}").replace("+new", "+old"),
        ] {
            assert_ne!(id(&text), plain, "{text}");
        }
    }

    #[test]
    fn a_plain_patch_has_the_number_of_the_same_change_in_git() {
        let without_headers = |text: &str| -> String {
            let is_header = |line: &&str| ["diff ", "index ", "new file "].iter().any(|word| line.starts_with(word));
            text.lines().filter(|line| !is_header(line)).map(|line| format!("{line}\n")).collect()
        };
        let quilt = without_headers(&format!("{CHANGE}{CODE}{NEW}"));
        assert_eq!(id(&quilt), id(&format!("{CHANGE}{CODE}{NEW}")));
        let dated = quilt
            .replace("--- a/a.txt", "Index: x/a.txt\n===================\n--- x-1.0.orig/a.txt\t2026-01-01 10:00:00")
            .replace("+++ b/a.txt", "+++ x-1.0/a.txt\t2026-01-02 10:00:00");
        assert_eq!(id(&dated), id(&quilt));
        let diff = dated.replace("Index: x/a.txt", "diff -Nru x-1.0.orig/a.txt x-1.0/a.txt");
        assert_eq!(id(&diff), id(&quilt));
    }

    #[test]
    fn what_is_no_patch_has_no_number() {
        for text in ["", "Description: nothing yet\n", "--- a\n", "@@ -1 +1 @@\n", "--- a/x\n+++ b/x\n"] {
            assert_eq!(patch_id(text), None, "{text:?}");
        }
        let upstream: BTreeSet<PatchId> = patch_id(CHANGE).into_iter().collect();
        assert_eq!(is_upstream(CHANGE, &upstream), Some(true));
        assert_eq!(is_upstream(CODE, &upstream), Some(false));
        assert_eq!(is_upstream("no change", &upstream), None);
    }

    proptest! {
        /// Files in any order, with other numbers of lines and other white space, have one number; whatever is read, nothing breaks.
        #[test]
        fn any_order_of_any_files(files in proptest::collection::btree_map("[a-c]{1,2}", "[a-z ]{1,9}", 1..5), seed in any::<u64>(), noise in "[-+@ a/0-9,\n]{0,80}") {
            let written = |(name, line): (&String, &String), at: u64, gap: &str| {
                format!("diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -{at} +{at} @@\n-old{gap}{line}\n+new {line}\n")
            };
            let plain: String = files.iter().map(|file| written(file, 1, " ")).collect();
            let mut parts: Vec<String> = files.iter().map(|file| written(file, seed % 1_000, "\t ")).collect();
            crate::chance::Chance(seed).shuffle(&mut parts);
            prop_assert_eq!(patch_id(&plain), patch_id(&parts.concat()));
            prop_assert!(patch_id(&plain).is_some());
            // Texts come from outside.
            patch_id(&noise);
            patch_id(&format!("{plain}{noise}"));
        }
    }
}
