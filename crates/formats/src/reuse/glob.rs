// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patterns of paths: those of REUSE.toml, where one star stays inside a folder and two do not, and those of dep5.

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Letter(char),
    /// One letter.
    One,
    /// Any letters but `/`.
    Inside,
    /// Any letters.
    Any,
}

impl Glob {
    /// A pattern of REUSE.toml.
    pub(super) fn of_toml(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                // A stroke before a letter makes the letter itself.
                '\\' => parts.extend(letters.next().map(Part::Letter)),
                '*' if letters.next_if_eq(&'*').is_some() => {
                    // What comes after two stars may also come at once: `**/a` is `a`, too.
                    while letters.next_if_eq(&'*').is_some() {}
                    letters.next_if_eq(&'/');
                    parts.push(Part::Any);
                }
                '*' => parts.push(Part::Inside),
                letter => parts.push(Part::Letter(letter)),
            }
        }
        Self(parts)
    }

    /// A pattern of dep5, where a star crosses folders; `None` where it is none.
    pub(super) fn of_dep5(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            parts.push(match letter {
                '*' => Part::Any,
                '?' => Part::One,
                '\\' => Part::Letter(letters.next().filter(|letter| "\\?*".contains(*letter))?),
                letter => Part::Letter(letter),
            });
        }
        Some(Self(parts))
    }

    /// Whether a path fits. Its time grows with the pattern times the path.
    pub(super) fn fits(&self, path: &str) -> bool {
        let mut here = vec![false; self.0.len() + 1];
        let mut next = here.clone();
        self.begin(&mut here);
        for letter in path.chars() {
            next.fill(false);
            for (place, part) in self.0.iter().enumerate().filter(|(place, _)| here.get(*place) == Some(&true)) {
                let step = match part {
                    Part::Letter(own) => (*own == letter).then_some(place + 1),
                    Part::One => Some(place + 1),
                    Part::Inside => (letter != '/').then_some(place),
                    Part::Any => Some(place),
                };
                if let Some(slot) = step.and_then(|step| next.get_mut(step)) {
                    *slot = true;
                }
            }
            self.skip(&mut next);
            std::mem::swap(&mut here, &mut next);
        }
        here.last() == Some(&true)
    }

    fn begin(&self, places: &mut [bool]) {
        if let Some(first) = places.first_mut() {
            *first = true;
        }
        self.skip(places);
    }

    /// A star may stand for nothing.
    fn skip(&self, places: &mut [bool]) {
        for (place, part) in self.0.iter().enumerate() {
            let is_star = matches!(part, Part::Inside | Part::Any);
            if is_star
                && places.get(place) == Some(&true)
                && let Some(slot) = places.get_mut(place + 1)
            {
                *slot = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_toml() {
        for (pattern, path, expected) in [
            ("src/*.c", "src/a.c", true),
            ("src/*.c", "src/b/a.c", false),
            ("src/**", "src/b/a.c", true),
            ("**/a.c", "src/b/a.c", true),
            ("**/a.c", "a.c", true),
            ("**", "a/b", true),
            ("*", "a", true),
            ("*", "a/b", false),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("a.c", "abc", false),
            ("src/**/x", "src/x", true),
        ] {
            assert_eq!(Glob::of_toml(pattern).fits(path), expected, "{pattern} {path}");
        }
        assert!(!Glob::of_toml(&"*a".repeat(200)).fits(&"a".repeat(199)), "no explosion");
    }

    #[test]
    fn patterns_of_dep5() {
        for (pattern, path, expected) in [("src/*", "src/b/c", true), ("b?c", "b1c", true), ("b?c", "bc", false)] {
            assert_eq!(Glob::of_dep5(pattern).is_some_and(|glob| glob.fits(path)), expected, "{pattern} {path}");
        }
        assert_eq!(Glob::of_dep5("a\\b"), None);
    }
}
