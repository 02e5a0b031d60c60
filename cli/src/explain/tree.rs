//! A tree on a terminal, or in a pipe: the same lines, cut and wrapped to the
//! width where there is one.

use std::io::{self, Write};

use console::{Style, measure_text_width, truncate_str};

/// Narrower than this nothing is cut: it would not be readable anyway.
const NARROWEST: usize = 40;

/// A node with its branches.
pub(super) struct Tree {
    lines: Vec<Line>,
    branches: Vec<Self>,
}

enum Line {
    /// One line, cut where it is too long; it may hold colours.
    Cut(String),
    /// Words, wrapped where they are too long.
    Prose(String, Style),
    /// A line that is copied from here, so that it is neither cut nor wrapped.
    Whole(String),
}

impl Tree {
    /// A node with one line, cut where it is too long.
    pub(super) fn new(line: impl Into<String>) -> Self {
        Self {
            lines: vec![Line::Cut(line.into())],
            branches: Vec::new(),
        }
    }

    /// A node of words.
    pub(super) fn prose(words: impl Into<String>, style: Style) -> Self {
        Self {
            lines: vec![Line::Prose(words.into(), style)],
            branches: Vec::new(),
        }
    }

    /// Words below its line.
    pub(super) fn and_prose(mut self, words: impl Into<String>, style: Style) -> Self {
        self.lines.push(Line::Prose(words.into(), style));
        self
    }

    /// A line below its line that is never cut.
    pub(super) fn and_whole(mut self, line: impl Into<String>) -> Self {
        self.lines.push(Line::Whole(line.into()));
        self
    }

    /// Adds a branch.
    pub(super) fn push(&mut self, branch: Self) {
        self.branches.push(branch);
    }

    /// Adds branches.
    pub(super) fn with(mut self, branches: impl IntoIterator<Item = Self>) -> Self {
        self.branches.extend(branches);
        self
    }

    /// Writes the tree, no line wider than `width` where that can be.
    pub(super) fn write(&self, out: &mut impl Write, width: Option<usize>) -> io::Result<()> {
        self.write_at(out, width, "", "")
    }

    fn write_at(
        &self,
        out: &mut impl Write,
        width: Option<usize>,
        first: &str,
        rest: &str,
    ) -> io::Result<()> {
        let room = width.map(|width| {
            width
                .max(NARROWEST)
                .saturating_sub(measure_text_width(first))
        });
        // A line of a node with branches goes on along them.
        let below = if self.branches.is_empty() {
            format!("{rest}   ")
        } else {
            format!("{rest}│  ")
        };
        let mut before = first;
        for (index, line) in self.lines.iter().enumerate() {
            let room = if index == 0 {
                room
            } else {
                room.map(|room| room.saturating_sub(3))
            };
            for line in line.fitted(room) {
                writeln!(out, "{}", format!("{before}{line}").trim_end())?;
                before = &below;
            }
        }
        for (index, branch) in self.branches.iter().enumerate() {
            let (turn, on) = if index + 1 == self.branches.len() {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            branch.write_at(out, width, &format!("{rest}{turn}"), &format!("{rest}{on}"))?;
        }
        Ok(())
    }
}

impl Line {
    fn fitted(&self, room: Option<usize>) -> Vec<String> {
        match (self, room) {
            (Self::Cut(line), Some(room)) => vec![truncate_str(line, room, "…").into_owned()],
            (Self::Cut(line) | Self::Whole(line), _) => vec![line.clone()],
            (Self::Prose(words, style), room) => {
                let lines = match room {
                    Some(room) => wrapped(words, room),
                    None => vec![words.clone()],
                };
                let styled = lines.iter().map(|line| style.apply_to(line).to_string());
                styled.collect()
            }
        }
    }
}

/// `words` in lines of at most `room` columns; a longer word has its own.
fn wrapped(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + measure_text_width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(tree: &Tree, width: Option<usize>) -> String {
        let mut out = Vec::new();
        tree.write(&mut out, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn tree() -> Tree {
        let words = "one two three four five six seven eight nine ten eleven twelve";
        Tree::new("root").with([
            Tree::new("a".repeat(60)).with([Tree::prose(words, Style::new())]),
            Tree::new("last").and_whole("{"),
        ])
    }

    #[test]
    fn in_a_pipe_nothing_is_cut() {
        let text = written(&tree(), None);
        assert!(text.contains(&"a".repeat(60)));
        assert!(text.contains("│  └─ one two three four five six seven eight nine ten eleven"));
        assert!(text.ends_with("└─ last\n      {\n"));
    }

    #[test]
    fn on_a_terminal_no_line_is_wider_than_it_is() {
        let text = written(&tree(), Some(40));
        assert!(text.contains('…'));
        assert!(text.contains("twelve"));
        for line in text.lines() {
            assert!(measure_text_width(line) <= 40, "{line}");
        }
    }
}
