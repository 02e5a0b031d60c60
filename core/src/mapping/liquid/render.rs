//! The text that a template gives.

use std::borrow::Cow;

use super::block::{Cycle, Part};
use super::scope::{Scope, Trouble};
use super::value::Value;

/// One rendering of a template.
pub(super) struct Rendering<'a> {
    scope: Scope<'a>,
    /// How far each `cycle` is.
    cycles: Vec<(String, usize)>,
    /// A `break` or `continue` was met.
    is_stopped: bool,
}

impl<'a> Rendering<'a> {
    pub(super) const fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            cycles: Vec::new(),
            is_stopped: false,
        }
    }

    /// Appends the text of `parts`.
    pub(super) fn parts(&mut self, parts: &'a [Part], out: &mut String) -> Result<(), Trouble> {
        for part in parts {
            self.part(part, out)?;
            if self.is_stopped {
                break;
            }
        }
        Ok(())
    }

    fn part(&mut self, part: &'a Part, out: &mut String) -> Result<(), Trouble> {
        match part {
            Part::Text(text) => self.write(text, out),
            Part::Output(value) => self.show(value.value(&self.scope)?, out),
            Part::If(branches) => {
                for branch in branches {
                    let is_met = match &branch.test {
                        Some((test, wanted)) => {
                            test.value(&self.scope)?.plain().is_truthy() == *wanted
                        }
                        None => true,
                    };
                    if is_met {
                        return self.parts(&branch.parts, out);
                    }
                }
                Ok(())
            }
            Part::Assign(name, value) => {
                let value = value.value(&self.scope)?;
                self.scope.assign(name, value);
                Ok(())
            }
            Part::Capture(name, parts) => {
                let mut text = String::new();
                self.parts(parts, &mut text)?;
                let text = Value::text(self.scope.arena.text(&text));
                self.scope.assign(name, text);
                Ok(())
            }
            Part::Count { name, step, after } => {
                let before = self.scope.count(name, *step);
                let count = if *after { before + step } else { before };
                self.show(Value::number(count), out)
            }
            Part::Cycle(cycle) => {
                let value = self.next(cycle)?;
                // What JavaScript takes for false is not written at all.
                if value.is_script_truthy() {
                    self.show(value, out)?;
                }
                Ok(())
            }
            Part::Parts(parts) => self.parts(parts, out),
            Part::Stop => {
                self.is_stopped = true;
                Ok(())
            }
        }
    }

    fn next(&mut self, cycle: &'a Cycle) -> Result<Value<'a>, Trouble> {
        let group = match &cycle.group {
            Some(group) => group.value(&self.scope)?.plain().script_text(),
            None => Cow::Borrowed("undefined"),
        };
        let key = format!("{group}:{}", cycle.text);
        let index = match self.cycles.iter().position(|(known, _)| *known == key) {
            Some(index) => index,
            None => {
                self.scope.spend(key.len())?;
                self.cycles.push((key, 0));
                self.cycles.len() - 1
            }
        };
        let place = &mut self.cycles[index].1;
        let choice = cycle.choices.get(*place);
        *place = (*place + 1) % cycle.choices.len().max(1);
        choice.map_or(Ok(Value::Undefined), |choice| choice.value(&self.scope))
    }

    fn show(&self, value: Value<'a>, out: &mut String) -> Result<(), Trouble> {
        let begin = out.len();
        value.show(out);
        self.scope.spend(out.len() - begin)
    }

    fn write(&self, text: &str, out: &mut String) -> Result<(), Trouble> {
        self.scope.spend(text.len())?;
        out.push_str(text);
        Ok(())
    }
}
