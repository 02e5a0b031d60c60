//! A tree on a terminal, or in a pipe: the same lines, cut and wrapped to the
//! width where there is one.

use std::io::{self, Write};

use console::{Style, measure_text_width, truncate_str};

/// Narrower than this nothing is cut: it would not be readable anyway.
const NARROWEST: usize = 40;

/// How far the lines below a node's first are indented.
const INDENT: usize = 2;

/// A node with its branches.
pub(super) struct Tree {
    lines: Vec<Line>,
    branches: Vec<Self>,
}

enum Line {
    /// One line, cut where it is too long; it may hold colours.
    Cut(String),
    /// Two parts that may hold colours: the second goes below the first where
    /// they are too long for one line.
    Pair(String, String),
    /// Words, wrapped where they are too long.
    Prose(String, Style),
    /// A line that is copied from here, so that it is neither cut nor wrapped.
    Whole(String),
}

impl Tree {
    /// A node with one line, cut where it is too long.
    pub(super) fn new(line: impl Into<String>) -> Self {
        Self::of(Line::Cut(line.into()))
    }

    /// A node with what is said of something behind it, or below it.
    pub(super) fn pair(line: impl Into<String>, said: impl Into<String>) -> Self {
        Self::of(Line::Pair(line.into(), said.into()))
    }

    /// A node of words.
    pub(super) fn prose(words: impl Into<String>, style: Style) -> Self {
        Self::of(Line::Prose(words.into(), style))
    }

    fn of(line: Line) -> Self {
        Self {
            lines: vec![line],
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
        // The lines of a node with branches go on along them.
        let along = if self.branches.is_empty() { "" } else { "│" };
        let room = |before: &str| {
            let width = width?.max(NARROWEST);
            Some(width.saturating_sub(measure_text_width(before)))
        };
        let mut is_first = true;
        for line in &self.lines {
            let below = match line {
                Line::Whole(_) => format!("{rest}{along}"),
                _ => format!("{rest}{along}{:INDENT$}", ""),
            };
            let start = if is_first { first } else { &below };
            for line in line.fitted(room(start), room(&below)) {
                let before = if is_first { first } else { &below };
                writeln!(out, "{}", format!("{before}{line}").trim_end())?;
                is_first = false;
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
    /// The line in lines: the first has `room` columns, the others `below`.
    fn fitted(&self, room: Option<usize>, below: Option<usize>) -> Vec<String> {
        let cut = |line: &str, room: Option<usize>| match room {
            Some(room) => truncate_str(line, room, "…").into_owned(),
            None => line.to_owned(),
        };
        match self {
            Self::Cut(line) => vec![cut(line, room)],
            Self::Whole(line) => vec![line.clone()],
            Self::Pair(line, said) => {
                let fits =
                    |whole: &String| room.is_none_or(|room| measure_text_width(whole) <= room);
                // Out of its column rather than on another line.
                let whole = [line, line.trim_end()].map(|line| format!("{line}  {said}"));
                match whole.into_iter().find(fits) {
                    Some(whole) => vec![whole],
                    None => vec![cut(line.trim_end(), room), cut(said, below)],
                }
            }
            Self::Prose(words, style) => {
                let lines = match room.zip(below) {
                    Some((room, below)) => wrapped(words, room, below),
                    None => vec![words.clone()],
                };
                let styled = lines.iter().map(|line| style.apply_to(line).to_string());
                styled.collect()
            }
        }
    }
}

/// `words` in lines, the first of at most `room` columns and the others of at
/// most `below`; a longer word has its own.
fn wrapped(words: &str, room: usize, below: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let room = if lines.len() > 1 { below } else { room };
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
            Tree::pair("b".repeat(20), "c".repeat(30)),
            Tree::new("last").and_whole("{"),
        ])
    }

    #[test]
    fn in_a_pipe_nothing_is_cut() {
        let text = written(&tree(), None);
        assert!(text.contains(&"a".repeat(60)));
        assert!(text.contains("│  └─ one two three four five six seven eight nine ten eleven"));
        assert!(text.contains("bb  cc"));
        assert!(text.ends_with("└─ last\n   {\n"));
    }

    #[test]
    fn on_a_terminal_no_line_is_wider_than_it_is() {
        let text = written(&tree(), Some(40));
        assert!(text.contains('…'));
        assert!(text.contains("twelve"));
        assert!(text.contains("├─ bbbbbbbbbbbbbbbbbbbb\n│    ccc"));
        for line in text.lines() {
            assert!(measure_text_width(line) <= 40, "{line}");
        }
    }
}
