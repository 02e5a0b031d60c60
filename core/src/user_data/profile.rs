//! Which of two forms is sent.

/// Which form is sent where Meta's page and the code of Meta's Pixel disagree.
///
/// Which of the two Meta's matcher expects is not known, and every key takes a
/// list: so both are sent unless a destination says otherwise.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Profile {
    /// The page's form first and the Pixel's second where it differs; the
    /// Pixel's alone where the page's rule refuses the value.
    #[default]
    Both,
    /// The form of Meta's page (Customer information parameters) alone.
    Page,
    /// The form of Meta's Pixel (its parameter builder) alone; the page's for
    /// identifiers of which the Pixel's code makes a wrong value.
    Pixel,
}

impl Profile {
    /// All of them, with their names in configurations.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("both", Self::Both),
        ("page", Self::Page),
        ("pixel", Self::Pixel),
    ];
}
