//! The parts of a template: texts, outputs and tags with what they enclose.

use super::Fault;
use super::expression::{Filtered, Operand};
use super::reader::{MAX_NESTING, Reader, is_blank};
use super::scan::{Kind, Piece};
use crate::suggest::nearest;

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Box<str>),
    Output(Filtered),
    /// The first branch whose test comes out as wanted.
    If(Box<[Branch]>),
    Assign(Box<str>, Filtered),
    Capture(Box<str>, Box<[Self]>),
    /// `increment` gives the number before its step, `decrement` after.
    Count {
        name: Box<str>,
        step: f64,
        after: bool,
    },
    Cycle(Box<Cycle>),
    /// What stands for its parts.
    Parts(Box<[Self]>),
    /// `break` or `continue`: the rest of the template is left out.
    Stop,
}

#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// The condition, and whether it must be true; none for `else`.
    pub(super) test: Option<(Filtered, bool)>,
    pub(super) parts: Box<[Part]>,
}

#[derive(Clone, Debug)]
pub(super) struct Cycle {
    pub(super) group: Option<Operand>,
    pub(super) choices: Box<[Filtered]>,
    /// The choices as they are written: the same ones count together.
    pub(super) text: Box<str>,
}

/// Tags of liquidjs that Segment's mapping kit turns off.
const DISABLED: &[&str] = &["case", "for", "include", "layout", "render", "tablerow"];

const TAGS: &[&str] = &[
    "assign",
    "block",
    "break",
    "capture",
    "comment",
    "continue",
    "cycle",
    "decrement",
    "echo",
    "if",
    "increment",
    "liquid",
    "raw",
    "unless",
];

/// The pieces of a template that are still to be read.
pub(super) struct Blocks<'t, 'p> {
    pub(super) pieces: std::slice::Iter<'p, Piece<'t>>,
    pub(super) chars: &'t [char],
    pub(super) depth: usize,
}

/// A tag at which a block ends or goes on: its name and what stands behind.
struct End<'t> {
    name: String,
    rest: Reader<'t>,
}

impl<'t> Blocks<'t, '_> {
    /// All parts up to the end of the template.
    pub(super) fn all(&mut self) -> Result<Box<[Part]>, Fault> {
        let mut parts = Vec::new();
        self.parts(&mut parts, &[])?;
        Ok(parts.into())
    }

    /// The parts up to a tag of `ends`.
    fn parts(&mut self, parts: &mut Vec<Part>, ends: &[&str]) -> Result<Option<End<'t>>, Fault> {
        while let Some(piece) = self.pieces.next() {
            match piece.kind {
                Kind::Text => {
                    let text = &self.chars[piece.begin..piece.end];
                    if !text.is_empty() {
                        parts.push(Part::Text(text.iter().collect()));
                    }
                }
                Kind::Output(mut reader) => parts.push(Part::Output(reader.filtered()?)),
                Kind::Tag(mut rest) => {
                    let name = tag_name(&mut rest);
                    if ends.contains(&&*name) {
                        return Ok(Some(End { name, rest }));
                    }
                    if name.is_empty() {
                        return Err(Fault::new(piece.begin, "the name of a tag is missing"));
                    }
                    parts.extend(self.tag(&name, rest, piece.begin)?);
                }
            }
        }
        Ok(None)
    }

    fn tag(
        &mut self,
        name: &str,
        mut rest: Reader<'t>,
        begin: usize,
    ) -> Result<Option<Part>, Fault> {
        Ok(Some(match name {
            "if" | "unless" => {
                Part::If(self.nested(begin, |blocks| blocks.branches(name, rest, begin))?)
            }
            "assign" => {
                let name = rest.identifier();
                rest.skip_blank();
                if name.is_empty() || rest.peek() != Some('=') {
                    return Err(rest.fault("`assign` is written `assign name = value`"));
                }
                rest.at += 1;
                Part::Assign(name.into(), rest.filtered()?)
            }
            "capture" => {
                let mut name = rest.identifier();
                if name.is_empty()
                    && let Some(Operand::Text(quoted)) = rest.quoted()
                {
                    name = quoted.into();
                }
                if name.is_empty() {
                    return Err(rest.fault("`capture` needs the name of a variable"));
                }
                Part::Capture(name.into(), self.enclosed("capture", begin)?)
            }
            "block" => Part::Parts(self.enclosed("block", begin)?),
            "comment" => {
                self.skipped("comment", begin)?;
                return Ok(None);
            }
            "raw" => {
                let (from, to) = self.skipped("raw", begin)?;
                Part::Text(self.chars[from..to].iter().collect())
            }
            "increment" | "decrement" => Part::Count {
                name: rest.identifier().into(),
                step: if name == "increment" { 1.0 } else { -1.0 },
                after: name == "decrement",
            },
            "cycle" => Part::Cycle(Box::new(cycle(rest)?)),
            "echo" => {
                rest.skip_blank();
                if rest.is_done() {
                    return Ok(None);
                }
                Part::Output(rest.filtered()?)
            }
            "liquid" => Part::Parts(self.nested(begin, |blocks| blocks.lines(rest))?),
            "#" => return comment_line(rest).map(|()| None),
            "break" | "continue" => Part::Stop,
            _ if DISABLED.contains(&name) => {
                let message = format!("the tag `{name}` is disabled in mappings");
                return Err(Fault::new(begin, message));
            }
            "else" | "elsif" => {
                let message = format!("`{name}` stands outside of `if` and `unless`");
                return Err(Fault::new(begin, message));
            }
            _ if name
                .strip_prefix("end")
                .is_some_and(|name| TAGS.contains(&name)) =>
            {
                let message = format!("`{name}` ends nothing that is open here");
                return Err(Fault::new(begin, message));
            }
            _ => {
                let near = nearest(name, TAGS.iter().copied())
                    .map(|near| format!("; did you mean `{near}`?"));
                let message = format!("there is no tag `{name}`{}", near.unwrap_or_default());
                return Err(Fault::new(begin, message));
            }
        }))
    }

    fn nested<T>(
        &mut self,
        begin: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.depth == MAX_NESTING {
            let message = format!("tags nest deeper than {MAX_NESTING} levels");
            return Err(Fault::new(begin, message));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The parts up to the tag that ends `name`.
    fn enclosed(&mut self, name: &str, begin: usize) -> Result<Box<[Part]>, Fault> {
        self.nested(begin, |blocks| {
            let mut parts = Vec::new();
            match blocks.parts(&mut parts, &[&format!("end{name}")])? {
                Some(_) => Ok(parts.into()),
                None => Err(not_closed(name, begin)),
            }
        })
    }

    /// Passes over everything up to the tag that ends `name`: the places of
    /// what stood there.
    fn skipped(&mut self, name: &str, begin: usize) -> Result<(usize, usize), Fault> {
        let end = format!("end{name}");
        let mut from = None;
        for piece in self.pieces.by_ref() {
            if let Kind::Tag(mut rest) = piece.kind
                && tag_name(&mut rest) == end
            {
                return Ok((from.unwrap_or(piece.begin), piece.begin));
            }
            from = from.or(Some(piece.begin));
        }
        Err(not_closed(name, begin))
    }

    fn branches(
        &mut self,
        name: &str,
        mut rest: Reader<'t>,
        begin: usize,
    ) -> Result<Box<[Branch]>, Fault> {
        let is_if = name == "if";
        let end = format!("end{name}");
        let mut branches = Vec::new();
        let mut test = Some((rest.filtered()?, is_if));
        // What stands behind the `else` of an `unless` is read and left out.
        let mut is_over = false;
        loop {
            let mut parts = Vec::new();
            let found = self.parts(&mut parts, &["elsif", "else", &end])?;
            let Some(mut found) = found else {
                return Err(not_closed(name, begin));
            };
            let is_else = test.is_none();
            if !is_over {
                let parts = parts.into();
                branches.push(Branch {
                    test: test.take(),
                    parts,
                });
            }
            found.rest.skip_blank();
            if is_if && found.name != "elsif" && !found.rest.is_done() {
                let message = format!("nothing may stand behind `{}`", found.name);
                return Err(found.rest.fault(message));
            }
            if found.name == end {
                return Ok(branches.into());
            }
            if is_else && is_if {
                let message = format!("`{}` stands behind `else`", found.name);
                return Err(found.rest.fault(message));
            }
            is_over = is_over || is_else;
            if found.name == "elsif" && !is_over {
                test = Some((found.rest.filtered()?, true));
            }
        }
    }

    /// The tags of a `liquid` tag, one a line.
    fn lines(&mut self, rest: Reader<'t>) -> Result<Box<[Part]>, Fault> {
        let mut lines = Vec::new();
        let mut reader = rest;
        loop {
            reader.skip_blank();
            if reader.is_done() {
                break;
            }
            let begin = reader.at;
            reader.skip_to('\n');
            let mut line = Reader::new(self.chars, begin, reader.at);
            while line.end > begin && is_blank(self.chars[line.end - 1]) {
                line.end -= 1;
            }
            let kind = Kind::Tag(line);
            let end = line.end;
            lines.push(Piece { kind, begin, end });
        }
        Blocks {
            pieces: lines.iter(),
            chars: self.chars,
            depth: self.depth,
        }
        .all()
    }
}

fn not_closed(name: &str, begin: usize) -> Fault {
    Fault::new(begin, format!("the tag `{name}` is not closed"))
}

/// The name of a tag; `#` begins a comment.
fn tag_name(rest: &mut Reader<'_>) -> String {
    rest.skip_blank();
    if rest.peek() == Some('#') {
        rest.at += 1;
        return "#".into();
    }
    rest.identifier()
}

fn comment_line(rest: Reader<'_>) -> Result<(), Fault> {
    let mut end = rest;
    end.at = end.end;
    let text = end.since(rest.at);
    let mut lines = text.split('\n').skip(1).map(str::trim_start);
    if lines.all(|line| line.is_empty() || line.starts_with('#')) {
        return Ok(());
    }
    Err(rest.fault("each line of a comment must begin with `#`"))
}

fn cycle(mut rest: Reader<'_>) -> Result<Cycle, Fault> {
    let begin = rest;
    let mut group = rest.operand()?;
    rest.skip_blank();
    if group.is_some() && rest.peek() == Some(':') {
        rest.at += 1;
    } else {
        group = None;
        rest = begin;
    }
    let mut choices = Vec::new();
    let mut texts = Vec::new();
    while !rest.is_done() {
        let begin = rest.at;
        choices.push(rest.filtered()?);
        texts.push(rest.since(begin));
        rest.skip_to(',');
    }
    if choices.is_empty() {
        return Err(rest.fault("`cycle` needs values to choose from"));
    }
    Ok(Cycle {
        group,
        choices: choices.into(),
        text: texts.join(",").into(),
    })
}
