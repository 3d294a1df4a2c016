//! Enums that are written as one word in Component.toml: one definition gives the words, parsing and serde.

use crate::InvalidValue;
use crate::manifest::suggest;

/// Refuses `text`, which is none of `allowed`, saying which one was probably meant: one that it is another word for, or
/// one that is spelled nearly so.
pub(crate) fn refuse(
    what: &str,
    text: &str,
    allowed: &[&'static str],
    synonyms: &[(&'static str, &[&str])],
) -> InvalidValue {
    let lower = text.to_lowercase();
    let synonym = synonyms.iter().find(|(_, others)| others.contains(&lower.as_str())).map(|(word, _)| *word);
    let quoted: Vec<String> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
    let all = format!("allowed: {}", quoted.join(", "));
    let help = match synonym.or_else(|| suggest(text, allowed.iter().copied())) {
        Some(near) => format!("write \"{near}\"; {all}"),
        None => all,
    };
    InvalidValue::with_help(format!("unknown {what} {text:?}"), help)
}

/// Defines an enum whose variants are words, with `ALL`, `as_str`, `Display`, `FromStr` and serde as a string.
/// The words after `not` are refused as well; the refusal says which word to write instead.
macro_rules! keywords {
    (
        $(#[$meta:meta])*
        pub enum $name:ident as $what:literal {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(not $($synonym:literal)|+)?,)+
        }
    ) => {
        $(#[$meta])*
        // Exhaustive: builds and gates match on every word, and a new one has to be thought of in each of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];
            const SYNONYMS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($word, &[$($($synonym),+)?])),+];

            /// The word for it in Component.toml.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err(crate::keyword::refuse($what, text, Self::WORDS, Self::SYNONYMS)),
                }
            }
        }

        crate::keyword::serde_as_string!($name);
    };
}
pub(crate) use keywords;

/// Serde through `Display` and `FromStr`, so that a value looks the same in TOML, JSON and messages.
macro_rules! serde_as_string {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_string;
