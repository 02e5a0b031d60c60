//! Where in the request a rule was broken, as Meta writes it:
//! `$['data'][0]['user_data']`.

use std::fmt;

/// A place in the request. A linked list on the stack, so that naming places
/// costs nothing until one is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    Root,
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl<'a> Path<'a> {
    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Path::Key(self, key)
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Key(parent, key) => write!(f, "{parent}['{key}']"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_meta_writes_it() {
        let data = Path::Root.key("data");
        let item = data.index(12);
        assert_eq!(
            item.key("user_data").to_string(),
            "$['data'][12]['user_data']"
        );
    }
}
