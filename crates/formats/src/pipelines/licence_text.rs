// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which licence a text is, by sentences that only it has.
//!
//! Only licences that the OSI calls open or the FSF calls free are known here. A text that is none of them is not known, not unfree.

/// Sentences by which texts are known, the more special ones first; all of a row must stand in the text.
const TEXTS: &[(&str, &[&str])] = &[
    ("AGPL-3.0", &["gnu affero general public license", "version 3"]),
    ("LGPL-3.0", &["gnu lesser general public license", "version 3"]),
    ("LGPL-2.1", &["gnu lesser general public license", "version 2.1"]),
    ("LGPL-2.0", &["gnu library general public license"]),
    ("GPL-3.0", &["gnu general public license", "version 3, 29 june 2007"]),
    ("GPL-2.0", &["gnu general public license", "version 2, june 1991"]),
    ("Apache-2.0", &["apache license", "version 2.0"]),
    ("EUPL-1.2", &["european union public licence", "1.2"]),
    ("MPL-2.0", &["mozilla public license", "2.0"]),
    ("EPL-2.0", &["eclipse public license", "2.0"]),
    ("BSL-1.0", &["boost software license"]),
    ("CC0-1.0", &["cc0 1.0 universal"]),
    ("Unlicense", &["free and unencumbered software released into the public domain"]),
    ("ISC", &["permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"]),
    ("ISC", &["permission to use, copy, modify, and distribute this software for any purpose with or without fee"]),
    (
        "MIT",
        &[
            "permission is hereby granted, free of charge, to any person obtaining a copy",
            "the software is provided \"as is\"",
        ],
    ),
    ("BSD", &["redistribution and use in source and binary forms, with or without modification, are permitted"]),
    ("Zlib", &["this software is provided 'as-is'", "altered source versions must be plainly marked"]),
    ("Artistic-2.0", &["the artistic license 2.0"]),
    ("Python-2.0", &["python software foundation license version 2"]),
    ("OFL-1.1", &["sil open font license version 1.1"]),
];
/// Words of licences that look like one of these and forbid what an open one allows.
const FORBIDDING: &[&str] = &[
    "commons clause",
    "business source license",
    "server side public license",
    "elastic license",
    "attribution-noncommercial",
];

/// The open or free licence that a text is.
pub fn licence_of_text(text: &str) -> Option<&'static str> {
    let low = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if FORBIDDING.iter().any(|words| low.contains(words)) {
        return None;
    }
    TEXTS.iter().find(|(_, parts)| parts.iter().all(|part| low.contains(part))).map(|(name, _)| *name)
}
