// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The languages that everything is written in.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them, in the order of display.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The code after BCP 47, as in `lang` attributes.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a code, a region after it or not.
    pub fn of_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The first language that a reader accepts and we have (`Accept-Language`, RFC 9110 section 12.5.4); ours by default otherwise.
    pub fn accepted(header: &str) -> Self {
        let mut wishes: Vec<(u16, usize, Self)> = header
            .split(',')
            .enumerate()
            .filter_map(|(place, wish)| {
                let (code, parameters) = wish.split_once(';').unwrap_or((wish, ""));
                let quality = match parameters.trim().strip_prefix("q=") {
                    None => 1000,
                    Some(text) => (text.trim().parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u16,
                };
                (quality > 0).then_some((quality, place, Self::of_code(code)?))
            })
            .collect();
        wishes.sort_by_key(|(quality, place, _)| (std::cmp::Reverse(*quality), *place));
        wishes.first().map_or_else(Self::default, |(_, _, language)| *language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_accepts() {
        let cases = [
            ("", Language::English),
            ("de", Language::German),
            ("de-AT, en;q=0.8", Language::German),
            ("fr, en;q=0.4, de;q=0.9", Language::German),
            ("de;q=0, en", Language::English),
            ("*", Language::English),
            ("de;q=abc, en;q=0.1", Language::English),
            (";;,,q=", Language::English),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::accepted(header), expected, "{header:?}");
        }
    }
}
