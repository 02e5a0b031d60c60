//! Reading what stands inside `{{ … }}` and `{% … %}`.

use super::Fault;
use super::compare::{OPERATORS, Operator};
use super::expression::{Expression, Filtered, Operand, Path, Token};
use super::filters::{self, Step};
use super::quoted::unescaped;
use super::value::{Value, is_space};
use crate::event::{Json, Number};

/// How deep brackets, ranges and blocks may nest.
pub(super) const MAX_NESTING: usize = 64;

/// A place in a part of a template.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    pub(super) chars: &'t [char],
    pub(super) at: usize,
    pub(super) end: usize,
    depth: usize,
}

/// Blank between the words of a template.
pub(super) const fn is_blank(c: char) -> bool {
    is_space(c) && c != '\u{feff}'
}

pub(super) const fn is_word(c: char) -> bool {
    match c {
        '\u{201c}' | '\u{201d}' => false,
        _ if c.is_ascii() => c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '?'),
        _ => !is_blank(c),
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

impl<'t> Reader<'t> {
    pub(super) const fn new(chars: &'t [char], at: usize, end: usize) -> Self {
        Self {
            chars,
            at,
            end,
            depth: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.ahead(0)
    }

    fn ahead(&self, count: usize) -> Option<char> {
        let at = self.at + count;
        (at < self.end).then(|| self.chars.get(at).copied())?
    }

    pub(super) const fn is_done(&self) -> bool {
        self.at >= self.end
    }

    pub(super) fn skip_blank(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    /// The text from `begin` to here.
    pub(super) fn since(&self, begin: usize) -> String {
        self.chars
            .get(begin..self.at.min(self.chars.len()))
            .unwrap_or_default()
            .iter()
            .collect()
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault {
            at: self.at,
            message: message.into(),
        }
    }

    /// Whether `word` stands here.
    pub(super) fn sees(&self, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(index, c)| self.ahead(index) == Some(c))
    }

    /// Goes behind the next `c`, which is not looked for right here.
    pub(super) fn skip_to(&mut self, c: char) -> bool {
        while self.at < self.end {
            self.at += 1;
            if self.chars.get(self.at - 1) == Some(&c) {
                return true;
            }
        }
        false
    }

    pub(super) fn identifier(&mut self) -> String {
        self.skip_blank();
        let begin = self.at;
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
        self.since(begin)
    }

    /// A value with its filters.
    pub(super) fn filtered(&mut self) -> Result<Filtered, Fault> {
        let expression = self.expression()?;
        let mut steps = Vec::new();
        while let Some((name, step)) = self.filter()? {
            filters::check_input(&expression, &steps, &name).map_err(|why| self.fault(why))?;
            // A filter that nobody knows changes nothing.
            steps.extend(step);
        }
        Ok(Filtered {
            expression,
            steps: steps.into(),
        })
    }

    fn expression(&mut self) -> Result<Expression, Fault> {
        let begin = self.at;
        let mut tokens = Vec::new();
        let mut operators = Vec::new();
        loop {
            self.skip_blank();
            if let Some(operator) = self.one_of(OPERATORS) {
                let binds_less = |last: &mut Operator| last.precedence() > operator.precedence();
                while let Some(last) = operators.pop_if(binds_less) {
                    tokens.push(Token::Operator(last));
                }
                operators.push(operator);
            } else if let Some(operand) = self.operand()? {
                tokens.push(Token::Operand(operand));
            } else {
                break;
            }
        }
        tokens.extend(operators.into_iter().rev().map(Token::Operator));
        if tokens.is_empty() {
            self.at = begin;
            return Err(self.fault("a value is missing"));
        }
        Ok(Expression(tokens.into()))
    }

    /// Reads one of `words`. A word of letters ends where letters end.
    fn one_of<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let (word, value) = words.iter().find(|(word, _)| self.sees(word))?;
        let length = word.chars().count();
        let is_letters = word.chars().all(is_word);
        if is_letters && self.ahead(length).is_some_and(is_word) {
            return None;
        }
        self.at += length;
        Some(*value)
    }

    pub(super) fn operand(&mut self) -> Result<Option<Operand>, Fault> {
        if self.depth == MAX_NESTING {
            return Err(self.fault(format!("brackets nest deeper than {MAX_NESTING} levels")));
        }
        self.depth += 1;
        let operand = self.operand_inside();
        self.depth -= 1;
        operand
    }

    fn operand_inside(&mut self) -> Result<Option<Operand>, Fault> {
        self.skip_blank();
        let mut start = self.literal().or_else(|| self.quoted());
        if start.is_none() {
            start = self.number();
        }
        if start.is_none() && self.peek() == Some('(') {
            start = Some(self.range()?);
        }
        let keys = self.keys(start.is_none())?;
        Ok(if keys.is_empty() {
            start
        } else {
            Some(Operand::Path(Box::new(Path { start, keys })))
        })
    }

    /// A path without anything else, as `where` takes it.
    pub(super) fn path(&mut self) -> Result<Path, Fault> {
        self.skip_blank();
        let keys = self.keys(true)?;
        Ok(Path { start: None, keys })
    }

    fn keys(&mut self, is_begin: bool) -> Result<Box<[Operand]>, Fault> {
        let mut keys = Vec::new();
        loop {
            if self.peek() == Some('[') {
                self.at += 1;
                let key = self.operand()?.unwrap_or_else(|| Operand::Text("".into()));
                let begin = self.at;
                if !self.skip_to(']') {
                    self.at = begin;
                    return Err(self.fault("a `[` is not closed"));
                }
                keys.push(key);
                continue;
            }
            if is_begin && keys.is_empty() {
                let name = self.identifier();
                if !name.is_empty() {
                    keys.push(Operand::Text(name.into()));
                    continue;
                }
            }
            // Two points are a range.
            if self.peek() == Some('.') && self.ahead(1) != Some('.') {
                self.at += 1;
                let name = self.identifier();
                if !name.is_empty() {
                    keys.push(Operand::Text(name.into()));
                    continue;
                }
            }
            return Ok(keys.into());
        }
    }

    fn literal(&mut self) -> Option<Operand> {
        const WORDS: &[(&str, Value<'static>)] = &[
            ("true", Value::boolean(true)),
            ("false", Value::boolean(false)),
            ("nil", Value::Nil),
            ("null", Value::Nil),
            ("empty", Value::Empty),
            ("blank", Value::Blank),
        ];
        self.one_of(WORDS).map(Operand::Literal)
    }

    fn number(&mut self) -> Option<Operand> {
        let mut count = usize::from(matches!(self.peek(), Some('+' | '-')));
        let (mut digits, mut point) = (false, false);
        loop {
            match self.ahead(count) {
                Some('0'..='9') => digits = true,
                Some('.') if self.ahead(count + 1) != Some('.') => {
                    if point || !digits {
                        return None;
                    }
                    point = true;
                }
                _ => break,
            }
            count += 1;
        }
        if !digits || self.ahead(count).is_some_and(is_word) {
            return None;
        }
        let begin = self.at;
        self.at += count;
        let text = self.since(begin);
        // An id of 17 digits keeps them, as it does in an event.
        let value = Number::from_text(&text)
            .map(|number| Value::Json(Json::Number(number)))
            .or_else(|| text.parse().ok().map(Value::number));
        value.map(Operand::Literal)
    }

    fn range(&mut self) -> Result<Operand, Fault> {
        self.at += 1;
        let low = self.operand_or_fault()?;
        self.skip_blank();
        if !(self.peek() == Some('.') && self.ahead(1) == Some('.')) {
            return Err(self.fault("a range is written `(1..3)`; brackets group nothing"));
        }
        self.at += 2;
        let high = self.operand_or_fault()?;
        self.skip_blank();
        if self.peek() != Some(')') {
            return Err(self.fault("a range is written `(1..3)`"));
        }
        self.at += 1;
        Ok(Operand::Range(Box::new((low, high))))
    }

    fn operand_or_fault(&mut self) -> Result<Operand, Fault> {
        match self.operand()? {
            Some(operand) => Ok(operand),
            None => Err(self.fault("a value is missing")),
        }
    }

    /// The text in quotes that begins here, quotes included.
    pub(super) fn skip_quoted(&mut self) -> bool {
        let Some(quote) = self.peek().filter(|c| is_quote(*c)) else {
            return false;
        };
        self.at += 1;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == quote && !escaped {
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        true
    }

    pub(super) fn quoted(&mut self) -> Option<Operand> {
        let begin = self.at;
        self.skip_quoted()
            .then(|| Operand::Text(unescaped(&self.chars[begin..self.at]).into()))
    }

    /// One filter; the name of what is known gives a step.
    fn filter(&mut self) -> Result<Option<(String, Option<Step>)>, Fault> {
        self.skip_blank();
        match self.peek() {
            None | Some(')' | ',') => return Ok(None),
            Some('|') => self.at += 1,
            Some(_) => return Err(self.fault("a `|` is missing before a filter")),
        }
        self.skip_blank();
        let begin = *self;
        let name = self.identifier();
        if name.is_empty() {
            return if self.is_done() {
                Ok(None)
            } else {
                Err(self.fault("the name of a filter is missing"))
            };
        }
        let apply = filters::find(&name).map_err(|why| begin.fault(why))?;
        let mut arguments = Vec::new();
        self.skip_blank();
        match self.peek() {
            Some(':') => loop {
                self.at += 1;
                self.argument(&mut arguments)?;
                self.skip_blank();
                match self.peek() {
                    Some(',') => {}
                    None | Some('|' | ')') => break,
                    Some(_) => return Err(self.fault("a `,` or `|` is missing")),
                }
            },
            None | Some('|' | ')' | ',') => {}
            Some(_) => return Err(self.fault("a `:` is missing after the name of a filter")),
        }
        let step = apply.map(|apply| Step {
            apply,
            arguments: arguments.into(),
        });
        Ok(Some((name, step)))
    }

    /// An argument `value` or `name: value`; the latter is a pair.
    fn argument(&mut self, arguments: &mut Vec<Operand>) -> Result<(), Fault> {
        self.skip_blank();
        let begin = self.at;
        let Some(operand) = self.operand()? else {
            return Ok(());
        };
        let name = self.since(begin);
        self.skip_blank();
        if self.peek() != Some(':') {
            arguments.push(operand);
            return Ok(());
        }
        self.at += 1;
        let value = self
            .operand()?
            .unwrap_or(Operand::Literal(Value::Undefined));
        arguments.push(Operand::Pair(Box::new((name.into(), value))));
        Ok(())
    }
}
