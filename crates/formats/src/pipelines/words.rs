// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lines of a shell script as words: quotes, comments and joined lines are understood, nothing is replaced.

/// A command: the words of it, and whether it takes the output of the one before.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    /// From 0, in the script.
    pub(super) line: u32,
    pub(super) words: Vec<String>,
    /// Fed by the command before it.
    pub(super) is_piped: bool,
    /// Run only where the command before it failed.
    pub(super) is_otherwise: bool,
}

/// Commands of a script, in order. A script that ends inside quotes ends there.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut splitter = Splitter::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (splitter.quote, letter) {
            (None, '\\') => splitter.escaped(letters.next()),
            (Some('"'), '\\') => {
                if letters.next() == Some('\n') {
                    splitter.line += 1;
                }
            }
            (None, '\'' | '"') => splitter.open_quote(letter),
            (Some(quote), letter) if quote == letter => splitter.quote = None,
            (Some(_), letter) => splitter.put(letter),
            (None, '#') if !splitter.in_word => while letters.next_if(|next| *next != '\n').is_some() {},
            (None, '\n') => {
                splitter.end_command(false);
                splitter.line += 1;
            }
            (None, '|') => {
                let is_or = letters.next_if_eq(&'|').is_some();
                splitter.end_command(!is_or);
                splitter.now.is_otherwise = is_or;
            }
            (None, '&' | ';') => splitter.end_command(false),
            (None, letter) if letter.is_whitespace() => splitter.end_word(),
            (None, letter) => splitter.put(letter),
        }
    }
    splitter.end_command(false);
    splitter.commands
}

#[derive(Default)]
struct Splitter {
    commands: Vec<Command>,
    now: Command,
    word: String,
    in_word: bool,
    quote: Option<char>,
    line: u32,
}

impl Splitter {
    fn put(&mut self, letter: char) {
        if letter == '\n' {
            self.line += 1;
        }
        if !self.in_word && self.now.words.is_empty() {
            self.now.line = self.line;
        }
        self.in_word = true;
        self.word.push(letter);
    }

    fn escaped(&mut self, letter: Option<char>) {
        match letter {
            // The line goes on.
            Some('\n') => {
                self.end_word();
                self.line += 1;
            }
            Some('\r') | None => self.end_word(),
            Some(letter) => self.put(letter),
        }
    }

    fn open_quote(&mut self, quote: char) {
        if !self.in_word && self.now.words.is_empty() {
            self.now.line = self.line;
        }
        self.in_word = true;
        self.quote = Some(quote);
    }

    fn end_word(&mut self) {
        if self.in_word {
            self.now.words.push(std::mem::take(&mut self.word));
            self.in_word = false;
        }
    }

    fn end_command(&mut self, pipes: bool) {
        self.end_word();
        let done = std::mem::take(&mut self.now);
        if !done.words.is_empty() {
            self.commands.push(done);
        }
        self.now.is_piped = pipes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_joined_lines_are_understood() {
        let all = commands("echo 'a | b' \"c;\n d\" # no\ncurl \\\n  x | sh && make test; ls");
        let words: Vec<(u32, String, bool)> =
            all.iter().map(|one| (one.line, one.words.join("·"), one.is_piped)).collect();
        assert_eq!(words[0], (0, "echo·a | b·c;\n d".to_owned(), false));
        assert_eq!(words[1], (2, "curl·x".to_owned(), false));
        assert_eq!(words[2], (3, "sh".to_owned(), true));
        assert_eq!(words[3].1, "make·test");
        assert_eq!(words.len(), 5);
        assert!(commands("echo 'open").len() == 1 && commands("\\").is_empty());
    }
}
