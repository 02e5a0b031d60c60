//! Tokens into a tree, by recursive descent.
//!
//! ```text
//! any       = all { "or" all }
//! all       = single { "and" single }
//! single    = "(" any ")" | "!" single | term [ comparison term | "in" term ]
//! term      = path | value | "[" [ value { "," value } ] "]" | name "(" term { "," term } ")"
//! ```

use super::MAX_DEPTH;
use super::error::SyntaxError;
use super::function::{FUNCTIONS, Gives};
use super::lexer::{Token, tokens};
use super::literal::Literal;
use super::tree::{Comparison, Condition, Term};
use crate::suggest::nearest;

/// The fields of an event's top level. On the right of a comparison any other
/// bare name is a text without its quotes.
const FIELDS: &[&str] = &[
    "type",
    "event",
    "name",
    "category",
    "messageId",
    "userId",
    "anonymousId",
    "groupId",
    "previousId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
    "channel",
    "version",
    "context",
    "properties",
    "traits",
    "integrations",
];

/// Words of other languages, and what they are here.
const FOREIGN: &[(&str, &str)] = &[
    ("true", "true"),
    ("false", "false"),
    ("null", "null"),
    ("undefined", "null"),
    ("nil", "null"),
    ("none", "null"),
];

pub(super) fn parse(text: &str) -> Result<Condition, SyntaxError> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    if parser.peek() == &Token::End {
        return Err(SyntaxError::new(0, "the statement is empty"));
    }
    let condition = parser.any()?;
    let at = parser.at();
    match parser.peek() {
        Token::End => Ok(condition),
        Token::Close => Err(SyntaxError::new(at, "this `)` closes nothing")),
        Token::Comparison(_) | Token::In => Err(SyntaxError::new(
            at,
            "a comparison has two sides; join comparisons with `and` or `or`",
        )),
        _ => {
            Err(SyntaxError::new(at, "expected `and`, `or` or the end")
                .suggest(parser.conjunction()))
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    /// The place of the next token.
    fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .or(self.tokens.last())
            .map_or(0, |(at, _)| *at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        self.next += usize::from(found);
        found
    }

    /// One level deeper, as long as `parse` runs.
    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(SyntaxError::new(
                self.at(),
                format!("the statement nests deeper than {MAX_DEPTH} levels"),
            ));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn any(&mut self) -> Result<Condition, SyntaxError> {
        self.chain(&Token::Or, Self::all, Condition::Any)
    }

    fn all(&mut self) -> Result<Condition, SyntaxError> {
        self.chain(&Token::And, Self::single, Condition::All)
    }

    fn chain(
        &mut self,
        word: &Token,
        part: fn(&mut Self) -> Result<Condition, SyntaxError>,
        join: fn(Box<[Condition]>) -> Condition,
    ) -> Result<Condition, SyntaxError> {
        let first = part(self)?;
        if self.peek() != word {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(word) {
            parts.push(part(self)?);
        }
        Ok(join(parts.into()))
    }

    fn single(&mut self) -> Result<Condition, SyntaxError> {
        let at = self.at();
        if self.take(&Token::Open) {
            let condition = self.deeper(Self::any)?;
            self.close(&Token::Close, at, "`(`")?;
            return Ok(condition);
        }
        if self.take(&Token::Not) {
            let condition = self.deeper(Self::single_negated)?;
            return Ok(Condition::Not(Box::new(condition)));
        }
        let left = self.term()?;
        match *self.peek() {
            Token::Comparison(comparison) => {
                self.next += 1;
                // Between two values there is nothing to compare: `5 < n` can
                // only mean a field.
                let right = match &left {
                    Term::Literal(_) | Term::List(_) => self.term()?,
                    _ => self.right()?.1,
                };
                Ok(Condition::Compare {
                    left,
                    comparison,
                    right,
                })
            }
            Token::In => {
                self.next += 1;
                let place = self.at();
                let list = self.term()?;
                match &list {
                    Term::Literal(literal) => Err(SyntaxError::new(place, "`in` needs a list")
                        .suggest(Some(format!("[{}]", written(literal))))),
                    _ => Ok(Condition::Within { item: left, list }),
                }
            }
            _ => self.holds(at, left),
        }
    }

    /// What `!` negates: never one side of a comparison.
    fn single_negated(&mut self) -> Result<Condition, SyntaxError> {
        if matches!(self.peek(), Token::Open | Token::Not) {
            return self.single();
        }
        let at = self.at();
        let term = self.term()?;
        match self.peek() {
            Token::Comparison(comparison) => Err(SyntaxError::new(
                self.at(),
                "`!` negates one condition: put the comparison in parentheses",
            )
            .suggest((*comparison == Comparison::Equal).then_some("!="))),
            Token::In => Err(SyntaxError::new(
                self.at(),
                "`!` negates one condition: put the comparison in parentheses",
            )),
            _ => self.holds(at, term),
        }
    }

    /// A term that is alone, which must be able to be `true`.
    fn holds(&self, at: usize, term: Term) -> Result<Condition, SyntaxError> {
        match &term {
            Term::Literal(Literal::Bool(_)) | Term::Path(_) => {
                // `a is "b"`, `a IN ["b"]`: the mistake is in what follows.
                if let (Term::Path(_), Some(word)) = (&term, self.word()) {
                    let operator = match word.to_ascii_lowercase().as_str() {
                        "is" | "eq" | "equals" => Some("="),
                        "in" => Some("in"),
                        _ => None,
                    };
                    if operator.is_some() {
                        return Err(SyntaxError::new(
                            self.at(),
                            format!("`{word}` is not an operator"),
                        )
                        .suggest(operator));
                    }
                    if let Term::Path(keys) = &term
                        && keys.len() == 1
                        && keys[0].eq_ignore_ascii_case("not")
                    {
                        return Err(SyntaxError::new(
                            at,
                            format!("`{}` is not an operator", keys[0]),
                        )
                        .suggest(Some("!")));
                    }
                }
            }
            Term::Literal(_) | Term::List(_) => {
                return Err(SyntaxError::new(
                    at,
                    "a value alone is not a condition: compare it with a field",
                ));
            }
            Term::Apply(function, _) => {
                let function = FUNCTIONS.iter().find(|known| known.applies(*function));
                if let Some(function) = function.filter(|function| function.gives != Gives::Bool) {
                    return Err(SyntaxError::new(
                        at,
                        format!(
                            "`{}` alone is not a condition: compare what it gives",
                            function.name
                        ),
                    ));
                }
            }
            Term::Contains { .. } | Term::Match { .. } => {}
        }
        Ok(Condition::Holds(term))
    }

    /// The next token as a single bare word.
    fn word(&self) -> Option<&str> {
        match self.peek() {
            Token::Path(keys) if keys.len() == 1 => Some(&keys[0]),
            _ => None,
        }
    }

    /// What was probably meant where `and` or `or` should stand.
    fn conjunction(&self) -> Option<&'static str> {
        if self.peek() == &Token::Comma {
            return Some("and");
        }
        let word = self.word()?;
        ["and", "or"]
            .into_iter()
            .find(|conjunction| conjunction.eq_ignore_ascii_case(word))
    }

    fn close(&mut self, token: &Token, opened: usize, name: &str) -> Result<(), SyntaxError> {
        if self.take(token) {
            return Ok(());
        }
        if self.peek() == &Token::End {
            return Err(SyntaxError::new(
                opened,
                format!("this {name} is never closed"),
            ));
        }
        let suggestion = self.conjunction().filter(|_| token == &Token::Close);
        Err(
            SyntaxError::new(self.at(), format!("this does not fit inside {name}"))
                .suggest(suggestion),
        )
    }

    /// A term on the right of an operator, or a later argument, where a bare
    /// name that is not a field is a text without its quotes.
    fn right(&mut self) -> Result<(usize, Term), SyntaxError> {
        let at = self.at();
        let term = self.term()?;
        match &term {
            // With a backslash it is meant so.
            Term::Path(keys) if is_doubtful(keys) && !self.text[at..].starts_with('\\') => {
                Err(unquoted(at, &keys[0]))
            }
            _ => Ok((at, term)),
        }
    }

    fn term(&mut self) -> Result<Term, SyntaxError> {
        let at = self.at();
        let token = self.peek().clone();
        self.next += 1;
        match token {
            Token::Literal(literal) => Ok(Term::Literal(literal)),
            Token::OpenList => self.list(at),
            Token::Path(keys) if keys.len() == 1 && self.peek() == &Token::Open => {
                self.next += 1;
                self.deeper(|parser| parser.call(at, &keys[0]))
            }
            Token::Path(keys) => Ok(Term::Path(keys)),
            Token::End => Err(SyntaxError::new(
                at,
                "a field or a value is missing at the end",
            )),
            _ => Err(SyntaxError::new(at, "expected a field or a value")),
        }
    }

    fn list(&mut self, opened: usize) -> Result<Term, SyntaxError> {
        let mut items = Vec::new();
        if self.take(&Token::CloseList) {
            return Ok(Term::List(items.into()));
        }
        loop {
            let at = self.at();
            // A list in it would be read by recursion, however deep.
            if self.peek() == &Token::OpenList {
                return Err(SyntaxError::new(at, "a list holds no lists"));
            }
            match self.term()? {
                Term::Literal(literal) => items.push(literal),
                Term::Path(keys) if keys.len() == 1 => return Err(unquoted(at, &keys[0])),
                _ => {
                    return Err(SyntaxError::new(
                        at,
                        "a list holds texts, numbers, booleans and null",
                    ));
                }
            }
            if !self.take(&Token::Comma) {
                self.close(&Token::CloseList, opened, "`[`")?;
                return Ok(Term::List(items.into()));
            }
        }
    }

    fn call(&mut self, at: usize, name: &str) -> Result<Term, SyntaxError> {
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            let suggestion = if name.eq_ignore_ascii_case("not") {
                Some("!")
            } else {
                nearest(name, FUNCTIONS.iter().map(|function| function.name))
            };
            return Err(
                SyntaxError::new(at, format!("no function is called `{name}`")).suggest(suggestion),
            );
        };
        let mut arguments = Vec::new();
        if !self.take(&Token::Close) {
            loop {
                arguments.push(if arguments.is_empty() {
                    (self.at(), self.term()?)
                } else {
                    self.right()?
                });
                if !self.take(&Token::Comma) {
                    break;
                }
            }
            self.close(&Token::Close, at, &format!("`{name}(`"))?;
        }
        function.call(at, arguments)
    }
}

/// Whether a path may be a text without its quotes.
pub(super) fn is_doubtful(keys: &[Box<str>]) -> bool {
    matches!(keys, [key] if !FIELDS.contains(&&**key))
}

fn unquoted(at: usize, word: &str) -> SyntaxError {
    let foreign = FOREIGN
        .iter()
        .find(|(foreign, _)| foreign.eq_ignore_ascii_case(word));
    SyntaxError::new(
        at,
        format!("`{word}` is neither a value nor a field of an event"),
    )
    .suggest(Some(
        foreign.map_or_else(|| format!("\"{word}\""), |(_, here)| (*here).into()),
    ))
}

/// A literal as a statement writes it.
fn written(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(number) => crate::mapping::number_text(*number),
        Literal::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}
