// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that no person can review: programs, and what looks like none and is no text.
//!
//! Pictures, fonts, sound, films and documents are no programs and are not counted, whatever they are called in.

use underpin_model::practices::FaultCode;

/// What a file is, as far as review goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Artefact {
    /// A program or a library for a machine.
    Program,
    /// No text, and no picture, font, sound, film or document.
    Opaque,
}

impl Artefact {
    /// The code of its place.
    pub fn code(self) -> FaultCode {
        match self {
            Self::Program => FaultCode::ProgramFile,
            Self::Opaque => FaultCode::OpaqueFile,
        }
    }
}

/// How programs begin.
const MAGIC: &[&[u8]] = &[
    b"\x7fELF",
    &[0xfe, 0xed, 0xfa, 0xce],
    &[0xfe, 0xed, 0xfa, 0xcf],
    &[0xce, 0xfa, 0xed, 0xfe],
    &[0xcf, 0xfa, 0xed, 0xfe],
    &[0xca, 0xfe, 0xba, 0xbe],
    b"\0asm",
    b"dex\n03",
    b"!<arch>\n",
    &[0xed, 0xab, 0xee, 0xdb],
    &[b'B', b'C', 0xc0, 0xde],
];
/// Endings of archives that are programs.
const ARCHIVES: &[&str] = &[
    "jar", "war", "ear", "apk", "aar", "whl", "egg", "nupkg", "crx", "ipa", "xap", "appx", "msi", "pyc", "pyo",
    "class", "dex", "swf",
];
/// Endings of files that people look at, listen to or read.
const SEEN: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "icns", "tif", "tiff", "heic", "psd", "xcf", "ai",
    "eps", "svgz", "ttf", "otf", "woff", "woff2", "eot", "mp3", "mp4", "m4a", "ogg", "oga", "ogv", "opus", "wav",
    "flac", "aac", "mid", "webm", "mov", "avi", "mkv", "m4v", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "odt", "ods", "odp", "odg", "key", "ps", "epub", "mo", "glb", "gltf", "fbx", "blend", "stl", "obj", "jxl",
    "aseprite", "sketch", "pbm", "pgm", "ppm", "tga", "dds", "hdr", "exr", "cur", "ani", "vsd", "vsdx", "dia", "xd",
];

/// What a file is, by its beginning (a few thousand bytes) and its name.
pub fn artefact(path: &str, beginning: &[u8]) -> Option<Artefact> {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_lowercase());
    let ending = ending.as_deref().unwrap_or_default();
    let is_text = std::str::from_utf8(beginning)
        .map_or_else(|error| error.error_len().is_none() && error.valid_up_to() > 0, |_| true)
        && !beginning.contains(&0);
    if MAGIC.iter().any(|magic| beginning.starts_with(magic)) || is_windows(beginning) {
        return Some(Artefact::Program);
    }
    if is_text || SEEN.contains(&ending) {
        return None;
    }
    if ARCHIVES.contains(&ending) || matches!(ending, "exe" | "dll" | "so" | "dylib" | "o" | "a" | "lib") {
        return Some(Artefact::Program);
    }
    // Texts in other encodings (Latin-1, UTF-16) are texts.
    let is_wide = beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff]);
    let is_latin = !beginning.iter().any(|byte| *byte < 9) && !is_packed(beginning);
    if is_wide || is_latin { None } else { Some(Artefact::Opaque) }
}

/// A program of Windows: the old header names the place of the new one.
fn is_windows(bytes: &[u8]) -> bool {
    let place = |bytes: &[u8]| {
        let four: [u8; 4] = bytes.get(0x3c..0x40)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    };
    bytes.starts_with(b"MZ")
        && place(bytes).and_then(|at| bytes.get(at..at.saturating_add(4))).is_some_and(|mark| mark == b"PE\0\0")
}

fn is_packed(bytes: &[u8]) -> bool {
    [&[0x1f, 0x8b][..], b"PK\x03\x04", b"BZh", &[0xfd, b'7', b'z'], &[0x28, 0xb5, 0x2f, 0xfd], b"7z\xbc\xaf"]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}
