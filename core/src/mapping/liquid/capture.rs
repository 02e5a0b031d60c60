//! `capture`, which unlike the crate's own is bounded.

use std::io::Write;

use liquid_core::model::{KString, Value};
use liquid_core::parser::TryMatchToken;
use liquid_core::{
    Error, Language, Renderable, Result, Runtime, TagBlock, TagTokenIter, Template, ValueView,
};

use super::scope::{Bounded, account};

pub(super) fn parse(
    mut arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    // The name may be in quotes.
    let name = match arguments.expect_next("name expected")?.expect_identifier() {
        TryMatchToken::Matches(name) => KString::from_ref(name),
        TryMatchToken::Fails(token) => token.expect_literal().into_result()?.to_kstr().into_owned(),
    };
    arguments.expect_nothing()?;
    let body = Template::new(block.parse_all(language)?);
    block.assert_empty();
    Ok(Box::new(Captured { name, body }))
}

#[derive(Debug)]
struct Captured {
    name: KString,
    body: Template,
}

impl Renderable for Captured {
    fn render_to(&self, _: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let mut out = Bounded::default();
        let rendered = self.body.render_to(&mut out, runtime);
        if let Some(message) = out.excess() {
            return Err(Error::with_msg(message));
        }
        rendered?;
        let value = Value::scalar(out.text());
        account(runtime, &value)?;
        runtime.set_global(self.name.clone(), value);
        Ok(())
    }
}
