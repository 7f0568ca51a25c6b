// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How wide words are: the advance widths of Inter as it lies beside the pages, with figures of one width, for regular and strong text.
//!
//! Browsers draw with that font, so that what fits here fits there. Letters that it does not have come from other fonts: for them stands
//! an upper bound, and where there is none, the drawing tells the browser the width to keep ([`Words::is_fixed`]).

/// Units of the font to the size of its letters.
const UNITS: f64 = 2048.0;
/// What a letter outside the font is held to be at most, in sizes: Latin, Greek and Cyrillic letters.
const OTHER_LETTER: f64 = 0.75;
/// The same for ideographs, syllables and pictures.
const FULL_WIDTH: f64 = 1.4;
/// What a letter of which no bound is known gets: the browser is told to keep that width.
const KEPT: f64 = 0.6;

/// Advance widths from U+0020 to U+007E, regular and strong.
const BASIC: [[u16; 95]; 2] = [
    [
        550, 589, 954, 1297, 1314, 2011, 1319, 614, 800, 800, 1328, 1328, 550, 1328, 550, 738, 1328, 1328, 1328, 1328,
        1328, 1328, 1328, 1328, 1328, 1328, 550, 550, 1328, 1328, 1328, 1047, 1978, 1413, 1340, 1496, 1478, 1231, 1209,
        1528, 1522, 550, 1169, 1376, 1158, 1850, 1543, 1566, 1308, 1566, 1318, 1314, 1322, 1524, 1413, 2018, 1397,
        1390, 1288, 800, 738, 800, 965, 934, 661, 1150, 1254, 1170, 1254, 1194, 758, 1256, 1211, 496, 496, 1124, 496,
        1794, 1210, 1228, 1254, 1254, 771, 1081, 670, 1211, 1151, 1676, 1118, 1151, 1131, 800, 681, 800, 1328,
    ],
    [
        550, 675, 1100, 1324, 1337, 2068, 1366, 681, 800, 800, 1324, 1324, 550, 1324, 550, 786, 1324, 1324, 1324, 1324,
        1324, 1324, 1324, 1324, 1324, 1324, 550, 550, 1324, 1324, 1324, 1129, 2064, 1510, 1353, 1512, 1479, 1242, 1203,
        1536, 1528, 571, 1192, 1457, 1158, 1899, 1558, 1576, 1324, 1587, 1341, 1337, 1360, 1503, 1510, 2107, 1493,
        1479, 1348, 800, 786, 800, 992, 968, 733, 1182, 1285, 1199, 1285, 1216, 806, 1288, 1265, 546, 546, 1177, 546,
        1856, 1264, 1251, 1285, 1285, 824, 1136, 737, 1265, 1215, 1730, 1177, 1219, 1166, 800, 748, 800, 1324,
    ],
];
/// Advance widths from U+00A0 to U+00FF, regular and strong; the soft hyphen has none.
const LATIN: [[u16; 96]; 2] = [
    [
        550, 589, 1170, 1251, 1484, 1126, 553, 1164, 1210, 1872, 929, 1193, 1355, 0, 1364, 978, 933, 1328, 905, 913,
        661, 1200, 1234, 590, 549, 623, 988, 1193, 1643, 1735, 1806, 1047, 1413, 1413, 1413, 1413, 1413, 1413, 2035,
        1496, 1231, 1231, 1231, 1231, 550, 550, 550, 550, 1505, 1543, 1566, 1566, 1566, 1566, 1566, 1328, 1566, 1524,
        1524, 1524, 1524, 1390, 1302, 1262, 1150, 1150, 1150, 1150, 1150, 1150, 1879, 1170, 1194, 1194, 1194, 1194,
        496, 496, 496, 496, 1193, 1210, 1228, 1228, 1228, 1228, 1228, 1328, 1228, 1211, 1211, 1211, 1211, 1151, 1254,
        1151,
    ],
    [
        550, 675, 1199, 1298, 1547, 1161, 670, 1164, 1264, 1872, 946, 1325, 1384, 0, 1358, 912, 940, 1324, 936, 958,
        733, 1272, 1228, 668, 713, 673, 1001, 1325, 1717, 1793, 1871, 1129, 1510, 1510, 1510, 1510, 1510, 1510, 2085,
        1512, 1242, 1242, 1242, 1242, 571, 571, 571, 571, 1548, 1558, 1576, 1576, 1576, 1576, 1576, 1324, 1576, 1503,
        1503, 1503, 1503, 1479, 1359, 1332, 1182, 1182, 1182, 1182, 1182, 1182, 1867, 1199, 1216, 1216, 1216, 1216,
        546, 546, 546, 546, 1221, 1264, 1251, 1251, 1251, 1251, 1251, 1324, 1251, 1265, 1265, 1265, 1265, 1219, 1285,
        1219,
    ],
];
/// Signs beyond: character, regular, strong.
const SIGNS: [(char, u16, u16); 23] = [
    ('\u{131}', 496, 546),
    ('\u{152}', 2058, 2080),
    ('\u{153}', 2047, 2027),
    ('\u{2009}', 372, 331),
    ('\u{2013}', 1024, 1024),
    ('\u{2014}', 2048, 2048),
    ('\u{2018}', 534, 619),
    ('\u{2019}', 534, 619),
    ('\u{201a}', 494, 575),
    ('\u{201c}', 902, 1072),
    ('\u{201d}', 902, 1058),
    ('\u{201e}', 862, 1014),
    ('\u{2022}', 1152, 1001),
    ('\u{2026}', 1770, 2005),
    ('\u{2032}', 456, 544),
    ('\u{2033}', 906, 1085),
    ('\u{2039}', 787, 867),
    ('\u{203a}', 787, 867),
    ('\u{20ac}', 1365, 1396),
    ('\u{2122}', 1251, 1301),
    ('\u{2191}', 1708, 1830),
    ('\u{2193}', 1708, 1830),
    ('\u{2212}', 1328, 1324),
];

/// Words of a picture, cleaned: without control characters and without marks that turn the direction of what follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    /// What is drawn.
    pub text: String,
    /// How wide it is at a size of 1.
    pub width: f64,
    /// Whether the browser must be told to keep that width: it holds letters of which no bound is known.
    pub is_fixed: bool,
}

impl Words {
    /// Words as they are drawn.
    pub fn new(text: &str, is_strong: bool) -> Self {
        let text: String = text.chars().filter(|letter| !is_unseen(*letter)).collect();
        let width = text.chars().map(|letter| advance(letter, is_strong).unwrap_or(KEPT)).sum();
        let is_fixed = text.chars().any(|letter| advance(letter, is_strong).is_none());
        Self { text, width, is_fixed }
    }

    /// The words, or as much of their beginning as fits into `room` (at a size of 1), with an ellipsis.
    pub fn cut(text: &str, is_strong: bool, room: f64) -> Self {
        let whole = Self::new(text, is_strong);
        if whole.width <= room {
            return whole;
        }
        let mut kept = String::new();
        let mut width = advance('…', is_strong).unwrap_or(1.0);
        for letter in whole.text.chars() {
            width += advance(letter, is_strong).unwrap_or(KEPT);
            if width > room {
                break;
            }
            kept.push(letter);
        }
        // Neither a blank nor half of a joined sign stands before the ellipsis.
        let end = kept.trim_end_matches(|letter: char| letter.is_whitespace() || joins(letter)).len();
        kept.truncate(end);
        kept.push('…');
        Self::new(&kept, is_strong)
    }

    /// The words in lines of at most `room` (at a size of 1); what does not fit into `lines` lines is cut.
    pub fn wrapped(text: &str, is_strong: bool, room: f64, lines: usize) -> Vec<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut found: Vec<Self> = Vec::new();
        let mut at = 0;
        while at < words.len() && found.len() < lines {
            let is_last = found.len() + 1 == lines;
            let fits = |end: &usize| Self::new(&words[at..*end].join(" "), is_strong).width <= room;
            let end = (at + 1..=words.len()).take_while(fits).last().unwrap_or(at + 1);
            let end = if is_last { words.len() } else { end };
            found.push(Self::cut(&words[at..end].join(" "), is_strong, room));
            at = end;
        }
        found
    }
}

/// How wide a text is at a size.
pub(super) fn width(text: &str, is_strong: bool, size: f64) -> f64 {
    Words::new(text, is_strong).width * size
}

/// How wide a character is at a size of 1; `None` when no bound is known.
fn advance(letter: char, is_strong: bool) -> Option<f64> {
    let weight = usize::from(is_strong);
    let place = |first: char| (letter as usize).checked_sub(first as usize);
    let units = |units: u16| Some(f64::from(units) / UNITS);
    if let Some(own) = place(' ').and_then(|place| BASIC[weight].get(place)) {
        return units(*own);
    }
    if let Some(own) = place('\u{a0}').and_then(|place| LATIN[weight].get(place)) {
        return units(*own);
    }
    if let Ok(place) = SIGNS.binary_search_by_key(&letter, |sign| sign.0) {
        let (_, regular, strong) = SIGNS[place];
        return units(if is_strong { strong } else { regular });
    }
    match letter as u32 {
        _ if joins(letter) => Some(0.0),
        0x100..=0x24f | 0x370..=0x52f | 0x1e00..=0x1fff => Some(OTHER_LETTER),
        0x202f => Some(0.4),
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xff60 => Some(FULL_WIDTH),
        0x2190..=0x2bff | 0x1f000..=0x1faff => Some(FULL_WIDTH),
        _ => None,
    }
}

/// Signs that have no width of their own and belong to the one before.
fn joins(letter: char) -> bool {
    matches!(letter as u32, 0x300..=0x36f | 0x200c | 0x200d | 0xfe00..=0xfe0f | 0x1f3fb..=0x1f3ff)
}

/// Characters that are never drawn: controls, and marks that turn the direction of what follows (Unicode TR 36).
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter as u32, 0xad | 0x61c | 0x200b | 0x200e | 0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff0..=0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_wide_as_in_the_font() {
        // Reckoned from the font with another program (fontTools).
        for (text, is_strong, units) in [
            ("", false, 0),
            ("0189", false, 4 * 1328),
            ("0189", true, 4 * 1324),
            ("Wi a", false, 2018 + 496 + 550 + 1150),
            ("Wi a", true, 2107 + 546 + 550 + 1182),
        ] {
            assert_eq!(Words::new(text, is_strong).width, f64::from(units) / UNITS, "{text}");
        }
        assert!(SIGNS.windows(2).all(|pair| pair[0].0 < pair[1].0), "looked up by halves");
    }

    #[test]
    fn what_is_not_seen_is_not_drawn() {
        let words = Words::new("a\u{202e}b\u{0}c\u{200f}\u{ad}d", false);
        assert_eq!((words.text.as_str(), words.is_fixed), ("abcd", false));
        assert!(Words::new("وزارة", false).is_fixed);
        assert!(!Words::new("Ελλάδα Україна 日本 🚀", false).is_fixed);
    }

    #[test]
    fn what_is_too_long_is_cut_to_fit() {
        for text in [
            "Ministry of the Interior and Sport",
            "🚀🚀🚀🚀🚀🚀",
            "👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻",
            "وزارة الداخلية",
        ] {
            for room in [1.5, 3.0, 5.0] {
                let cut = Words::cut(text, false, room);
                assert!(cut.width <= room && cut.text.ends_with('…'), "{cut:?} in {room}");
                assert!(!cut.text.contains("\u{200d}…") && !cut.text.contains(" …"), "{cut:?}");
            }
        }
        assert_eq!(Words::cut("short", false, 10.0).text, "short");
        let lines = Words::wrapped("systems still exposed to it", false, 5.0, 2);
        let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, ["systems", "still exp…"]);
        assert!(Words::wrapped(" ", false, 5.0, 2).is_empty());
    }
}
