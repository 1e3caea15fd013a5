//! `open.rs`: enums that keep values they do not know.

use std::fmt::Write as _;

/// A named set of text values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenEnum {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// What Rust calls each value, and the value.
    pub(crate) variants: Vec<(String, String)>,
}

/// The file, as calls of the hand-written macro that holds the behavior.
pub(crate) fn render(enums: &[OpenEnum]) -> String {
    let mut out = super::header();
    out.push_str("//! Enums of the platform. Each is open: a value it does not know arrives as `Other` and can be sent back.\n");
    if !enums.is_empty() {
        out.push_str("\nuse crate::open_enum;\n");
    }
    for values in enums {
        out.push_str("\nopen_enum! {\n");
        let description = values.description.as_deref();
        let description = description.unwrap_or("One of a set of values that may grow.");
        for line in description.lines() {
            let _ = writeln!(
                out,
                "    ///{}{line}",
                if line.is_empty() { "" } else { " " }
            );
        }
        let _ = writeln!(out, "    pub enum {} {{", values.name);
        for (variant, text) in &values.variants {
            let _ = writeln!(out, "        /// `{text}`\n        {variant} = {text:?},");
        }
        out.push_str("    }\n}\n");
    }
    out
}
