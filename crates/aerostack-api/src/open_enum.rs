//! Enums whose set of values may grow.

/// Defines an enum of text values that keeps values it does not know: `aerostack`'s public ones too, so that a value
/// means the same on both sides.
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value this version does not know, as it arrived.
            Other(String),
        }

        impl $name {
            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl ::std::convert::From<&String> for $name {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::convert::From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $( $text => Self::$variant, )+
                    _ => Self::Other(text),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl $crate::Parameter for $name {
            fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
                pair(name, self.as_str());
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <String as $crate::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public enums")]
mod tests {
    open_enum! {
        /// A color.
        pub enum Color {
            /// `red`
            Red = "red",
            /// `sky-blue`
            SkyBlue = "sky-blue",
        }
    }

    #[test]
    fn known_and_unknown_values_survive_a_round_trip() {
        for (text, value) in [
            ("red", Color::Red),
            ("sky-blue", Color::SkyBlue),
            ("Red", Color::Other("Red".into())),
            ("", Color::Other(String::new())),
        ] {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(serde_json::from_str::<Color>(&json).unwrap(), value);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(text.parse::<Color>().unwrap(), value);
            assert_eq!(Color::from(text.to_owned()), value);
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn something_other_than_text_is_not_a_value() {
        assert!(serde_json::from_str::<Color>("1").is_err());
        assert!(serde_json::from_str::<Color>("null").is_err());
    }
}
