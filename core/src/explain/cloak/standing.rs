//! Which places of an event are a person's.

use super::mask::Mask;

/// The objects that say who somebody is: all in them is personal.
pub(super) const PERSONAL: [&str; 3] = ["traits", "context.traits", "context.externalId"];

/// How a path stands to what is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// What is there is personal.
    Personal(Mask),
    /// Something personal is below it.
    Above,
    /// Nothing personal is known to be there.
    Elsewhere,
}

/// How `path` stands to `paths`, to the objects of a person, and to names of keys
/// that tell of one.
pub(super) fn standing(
    path: &str,
    paths: &[(Box<str>, Mask)],
    is_sensitive: impl Fn(&str) -> bool,
) -> Standing {
    let path = path.strip_prefix('$').unwrap_or(path);
    let path = path.strip_prefix('.').unwrap_or(path);
    if let Some((_, mask)) = paths.iter().find(|(known, _)| **known == *path) {
        return Standing::Personal(*mask);
    }
    if let Some((_, mask)) = paths.iter().find(|(known, _)| is_below(path, known)) {
        return Standing::Personal(*mask);
    }
    if PERSONAL
        .into_iter()
        .any(|root| path == root || is_below(path, root))
    {
        // Of the object as a whole its keys are shown.
        return Standing::Personal(Mask::Trait);
    }
    if path.split(['.', '[', ']']).any(is_sensitive) {
        return Standing::Personal(Mask::Trait);
    }
    let known = paths.iter().map(|(known, _)| &**known);
    if path.is_empty() || known.chain(PERSONAL).any(|known| is_below(known, path)) {
        return Standing::Above;
    }
    Standing::Elsewhere
}

fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user_data::Identifier;

    #[test]
    fn a_place_is_personal_by_itself_by_what_it_is_in_and_by_its_name() {
        let tel = Mask::Identifier(Identifier::Phone);
        let paths = [(Box::from("properties.user.tel"), tel)];
        let is_sensitive = |name: &str| name == "email";
        for (path, expected) in [
            ("properties.user.tel", Standing::Personal(tel)),
            ("$.properties.user.tel.home", Standing::Personal(tel)),
            ("properties.user", Standing::Above),
            ("properties.user.telly", Standing::Elsewhere),
            ("context.traits", Standing::Personal(Mask::Trait)),
            ("traits.plan", Standing::Personal(Mask::Trait)),
            ("context", Standing::Above),
            ("$", Standing::Above),
            ("properties.items[].email", Standing::Personal(Mask::Trait)),
            ("properties.items[].name", Standing::Elsewhere),
        ] {
            assert_eq!(standing(path, &paths, is_sensitive), expected, "{path}");
        }
    }
}
