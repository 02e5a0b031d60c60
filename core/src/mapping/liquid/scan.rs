//! A template as texts, outputs and tags.

use super::Fault;
use super::reader::{Reader, is_blank};

/// One piece of a template, with the places of its characters.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) begin: usize,
    pub(super) end: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Kind<'t> {
    Text,
    /// What stands between `{{` and `}}`.
    Output(Reader<'t>),
    /// What stands between `{%` and `%}`.
    Tag(Reader<'t>),
}

/// The pieces of a template. White space beside a `-` is taken away.
pub(super) fn pieces(chars: &[char]) -> Result<Vec<Piece<'_>>, Fault> {
    let mut scanner = Scanner {
        chars,
        at: 0,
        raw: None,
        trims: false,
        pieces: Vec::new(),
    };
    while scanner.at < chars.len() {
        if let Some(begin) = scanner.raw {
            scanner.raw_text(begin)?;
        } else if scanner.sees("{%") {
            scanner.tag()?;
        } else if scanner.sees("{{") {
            scanner.output()?;
        } else {
            scanner.text();
        }
    }
    Ok(scanner.pieces)
}

struct Scanner<'t> {
    chars: &'t [char],
    at: usize,
    /// Where the `raw` begins in which the scanner is.
    raw: Option<usize>,
    /// Whether white space here is taken away.
    trims: bool,
    pieces: Vec<Piece<'t>>,
}

impl<'t> Scanner<'t> {
    fn sees(&self, word: &str) -> bool {
        Reader::new(self.chars, self.at, self.chars.len()).sees(word)
    }

    /// Whether `word`, which has two characters, ends here.
    fn saw(&self, word: &str) -> bool {
        self.at >= 2 && Reader::new(self.chars, self.at - 2, self.at).sees(word)
    }

    fn push(&mut self, kind: Kind<'t>, begin: usize) {
        let end = self.at;
        self.pieces.push(Piece { kind, begin, end });
    }

    fn text(&mut self) {
        let mut begin = self.at;
        while self.at < self.chars.len() && !self.sees("{%") && !self.sees("{{") {
            self.at += 1;
        }
        if self.trims {
            let text = &self.chars[begin..self.at];
            begin += text.iter().take_while(|c| is_blank(**c)).count();
        }
        self.trims = false;
        self.push(Kind::Text, begin);
    }

    fn output(&mut self) -> Result<(), Fault> {
        let begin = self.at;
        let mut reader = Reader::new(self.chars, begin, self.chars.len());
        loop {
            if reader.is_done() {
                return Err(Fault::new(begin, "an output `{{` is not closed"));
            }
            if reader.skip_quoted() {
                continue;
            }
            reader.at += 1;
            self.at = reader.at;
            if self.saw("}}") {
                break;
            }
        }
        let inner = self.inner(begin, true);
        self.push(Kind::Output(inner), begin);
        Ok(())
    }

    fn tag(&mut self) -> Result<(), Fault> {
        let begin = self.at;
        loop {
            if self.at >= self.chars.len() {
                return Err(Fault::new(begin, "a tag `{%` is not closed"));
            }
            self.at += 1;
            if self.saw("%}") {
                break;
            }
        }
        let mut name = self.inner(begin, true);
        let tag = name;
        if name.identifier() == "raw" {
            self.raw = Some(begin);
            self.trims = false;
        }
        self.push(Kind::Tag(tag), begin);
        Ok(())
    }

    /// What stands within the delimiters from `begin` to here.
    fn inner(&mut self, begin: usize, trims_before: bool) -> Reader<'t> {
        let (mut from, mut to) = (begin + 2, self.at - 2);
        let dash = |at: usize| self.chars.get(at) == Some(&'-');
        let (left, right) = (dash(from), dash(to - 1));
        from += usize::from(left);
        to -= usize::from(right);
        if left && trims_before {
            self.trim_before();
        }
        self.trims = right;
        let blank = |at: usize| self.chars.get(at).copied().is_some_and(is_blank);
        while from < to && blank(from) {
            from += 1;
        }
        while to > from && blank(to - 1) {
            to -= 1;
        }
        Reader::new(self.chars, from, to)
    }

    fn trim_before(&mut self) {
        let chars = self.chars;
        if let Some(Piece {
            kind: Kind::Text,
            begin,
            end,
        }) = self.pieces.last_mut()
        {
            let text = &chars[*begin..*end];
            *end -= text.iter().rev().take_while(|c| is_blank(**c)).count();
        }
    }

    /// The text up to `{% endraw %}`, and that tag.
    fn raw_text(&mut self, raw: usize) -> Result<(), Fault> {
        let begin = self.at;
        let mut reader = Reader::new(self.chars, begin, self.chars.len());
        while reader.skip_to('%') {
            let left = reader.at - 1;
            if left == begin || self.chars.get(left - 1) != Some(&'{') {
                continue;
            }
            let left = left - 1;
            let mut inner = reader;
            inner.skip_blank();
            if inner.peek() == Some('-') {
                inner.at += 1;
            }
            if inner.identifier() != "endraw" {
                continue;
            }
            self.at = inner.at;
            while self.at < self.chars.len() && !self.saw("%}") && !self.saw("{%") {
                self.at += 1;
            }
            if self.saw("%}") {
                let end = self.at;
                self.at = left;
                self.push(Kind::Text, begin);
                self.at = end;
                self.raw = None;
                let tag = self.inner(left, false);
                self.push(Kind::Tag(tag), left);
                return Ok(());
            }
        }
        Err(Fault::new(raw, "a `raw` is not closed"))
    }
}
