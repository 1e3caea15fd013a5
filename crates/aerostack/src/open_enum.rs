//! Enums of the platform whose set of values may grow.

/// Defines an enum of text values that keeps values it does not know.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value this version does not know, as it arrived.
            Other(String),
        }

        impl $name {
            /// The value's text.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public enums")]
mod tests {
    open_enum! {
        /// A colour.
        pub enum Colour {
            /// Red.
            Red = "red",
            /// Blue.
            SkyBlue = "sky-blue",
        }
    }

    #[test]
    fn values_keep_their_text_known_or_not() {
        for (text, value) in [
            ("red", Colour::Red),
            ("sky-blue", Colour::SkyBlue),
            ("Red", Colour::Other("Red".into())),
            ("", Colour::Other(String::new())),
        ] {
            assert_eq!(Colour::from(text), value);
            assert_eq!(Colour::from(text.to_owned()), value);
            assert_eq!(value.to_string(), text);
        }
    }
}
