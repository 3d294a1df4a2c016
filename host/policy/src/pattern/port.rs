//! Ports: one, or a range.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::InvalidValue;

/// One port, or all from the first to the last; written as an integer or as `"8000-8100"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// One port.
    pub const fn single(port: u16) -> Self {
        PortRange { first: port, last: port }
    }

    /// All ports from `first` to `last`, both included; none if `first` is above `last`.
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last { Some(PortRange { first, last }) } else { None }
    }

    /// The lowest port.
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The highest port.
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Whether `port` is one of them.
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }

    pub(crate) fn from_integer(port: i64) -> Result<Self, InvalidValue> {
        u16::try_from(port)
            .map(PortRange::single)
            .map_err(|_| InvalidValue::with_help(format!("{port} is not a port"), "ports go from 0 to 65535"))
    }
}

impl From<u16> for PortRange {
    fn from(port: u16) -> Self {
        PortRange::single(port)
    }
}

/// A range as it is written in a string. One port is an integer there, so a string of one number is refused.
impl FromStr for PortRange {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number =
            |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok()).flatten();
        if let Some(port) = number(text) {
            return Err(InvalidValue::with_help(
                format!("{text:?} is one port, not a range"),
                format!("write {port}, without quotes"),
            ));
        }
        let Some((first, last)) = text.split_once('-').and_then(|(first, last)| Some((number(first)?, number(last)?)))
        else {
            return Err(InvalidValue::with_help(
                format!("{text:?} is not a range of ports"),
                "write one port as an integer, or a range as in \"8000-8100\"",
            ));
        };
        PortRange::new(first, last).ok_or_else(|| {
            InvalidValue::with_help(
                format!("range of ports {text:?} ends before it starts"),
                format!("write \"{last}-{first}\""),
            )
        })
    }
}

/// `443`, or `"8000-8100"` with the quotes: the value in TOML and JSON.
impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "\"{}-{}\"", self.first, self.last)
        }
    }
}

impl Serialize for PortRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.first == self.last {
            serializer.serialize_u16(self.first)
        } else {
            serializer.collect_str(&format_args!("{}-{}", self.first, self.last))
        }
    }
}

impl<'de> Deserialize<'de> for PortRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Port;
        impl Visitor<'_> for Port {
            type Value = PortRange;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a port from 0 to 65535, or a range such as \"8000-8100\"")
            }

            fn visit_i64<E: Error>(self, port: i64) -> Result<PortRange, E> {
                PortRange::from_integer(port).map_err(E::custom)
            }

            fn visit_u64<E: Error>(self, port: u64) -> Result<PortRange, E> {
                u16::try_from(port)
                    .map(PortRange::single)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(port), &self))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<PortRange, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_integers_and_ranges_are_strings() {
        for (json, first, last) in
            [("443", 443, 443), ("0", 0, 0), ("65535", 65535, 65535), ("\"8000-8100\"", 8000, 8100)]
        {
            let range: PortRange = serde_json::from_str(json).unwrap();
            assert_eq!((range.first(), range.last()), (first, last));
            assert_eq!(serde_json::to_string(&range).unwrap(), json);
            assert_eq!(range.to_string(), json);
        }
        for json in [
            "65536",
            "-1",
            "1.5",
            "\"443\"",
            "\"1-\"",
            "\"-1\"",
            "\"+1-2\"",
            "\"9-1\"",
            "\"1-65536\"",
            "\"\"",
            "\"a-b\"",
            "[1,2]",
        ] {
            assert!(serde_json::from_str::<PortRange>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn both_ends_belong_to_a_range() {
        let range: PortRange = "8000-8100".parse().unwrap();
        for (port, inside) in [(7999, false), (8000, true), (8050, true), (8100, true), (8101, false)] {
            assert_eq!(range.contains(port), inside, "{port}");
        }
    }
}
