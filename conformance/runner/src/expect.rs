//! Expected results: whether what a guest returned is what the case says.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::host::val::{Val, hex, val_bytes, val_number};
use crate::scope::{Datum, Scope};
use crate::value::{show, show_bytes};

/// A refusal that the case expects, and that the audit log must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedDenial {
    /// Full name of the operation.
    pub operation: String,
    /// What was refused.
    pub resource: String,
    /// The line of Component.toml that would allow it.
    pub missing: String,
}

/// Matches results of one step.
pub struct Matcher<'a> {
    /// The values of the case.
    pub scope: &'a Scope,
    /// Full name of the operation that was called.
    pub operation: &'a str,
    /// Refusals met on the way.
    pub denials: Vec<ExpectedDenial>,
}

type Matched = Result<(), String>;

impl Matcher<'_> {
    /// Whether `got` is what `expected` says.
    ///
    /// # Errors
    /// The first difference, as a sentence with the place.
    pub fn matches(&mut self, expected: &Value, got: &Val) -> Matched {
        if let Value::String(text) = expected
            && let Some(datum) = self.scope.named(text).map_err(|error| error.to_string())?
        {
            return match datum.clone() {
                Datum::Json(json) => self.matches(&json, got),
                Datum::Val(val) if val == *got => Ok(()),
                Datum::Val(val) => Err(format!("expected {}, got {}", show(&val), show(got))),
                Datum::Bytes(bytes) => bytes_are(&bytes, got),
            };
        }
        if let Value::Object(object) = expected {
            if let Some((name, argument)) = object.iter().next()
                && name.starts_with('$')
            {
                return match name.as_str() {
                    "$not-before" => self.not_before(object, argument, got),
                    "$lines" => self.lines(argument, object.contains_key("in-any-order"), got),
                    _ => self.matcher(name, argument, got),
                };
            }
            if let Some(denied) = object.get("denied") {
                return self.denied(denied, got);
            }
        }
        self.value(expected, got)
    }

    fn value(&mut self, expected: &Value, got: &Val) -> Matched {
        let differs = || Err(format!("expected {expected}, got {}", show(got)));
        match got {
            Val::Bool(value) => {
                if expected.as_bool() == Some(*value) {
                    Ok(())
                } else {
                    differs()
                }
            }
            Val::String(text) => {
                let wanted = self.scope.text(expected).map_err(|error| error.to_string())?;
                if wanted == *text { Ok(()) } else { Err(format!("expected {wanted:?}, got {}", show(got))) }
            }
            Val::Option(None) => {
                if expected.is_null() {
                    Ok(())
                } else {
                    differs()
                }
            }
            Val::Option(Some(_)) if expected.is_null() => differs(),
            Val::Option(Some(some)) => self.matches(expected, some),
            Val::Result(result) => self.result(expected, result, got),
            Val::Enum(name) => {
                if expected.as_str() == Some(name) {
                    Ok(())
                } else {
                    differs()
                }
            }
            Val::Flags(names) => {
                let mut wanted: Vec<&str> = match expected.as_array() {
                    Some(list) => list.iter().filter_map(Value::as_str).collect(),
                    None => return differs(),
                };
                let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
                wanted.sort_unstable();
                names.sort_unstable();
                if wanted == names { Ok(()) } else { differs() }
            }
            Val::Variant(name, payload) => self.variant(expected, name, payload.as_deref(), got),
            Val::Record(fields) => {
                let Some(wanted) = expected.as_object() else { return differs() };
                self.record(wanted, fields)
            }
            Val::List(items) | Val::Tuple(items) => self.list(expected, items, got),
            Val::Resource(_) => Err("a resource matches only {\"$any\": true}".to_owned()),
            number => match (val_number(number), self.scope.number(expected)) {
                (Some(got), Ok(wanted)) if got == wanted => Ok(()),
                _ => differs(),
            },
        }
    }

    fn record(&mut self, wanted: &Map<String, Value>, fields: &[(String, Val)]) -> Matched {
        for (name, expected) in wanted {
            let Some((_, value)) = fields.iter().find(|(field, _)| field == name) else {
                return Err(format!("there is no field {name}"));
            };
            self.matches(expected, value).map_err(|reason| format!("{name}: {reason}"))?;
        }
        Ok(())
    }

    fn list(&mut self, expected: &Value, items: &[Val], got: &Val) -> Matched {
        let bytes = matches!(got, Val::List(_)) && items.first().is_some_and(|item| matches!(item, Val::U8(_)));
        if bytes || expected.is_object() {
            let wanted = self.scope.bytes(expected).map_err(|error| error.to_string())?;
            return bytes_are(&wanted, got);
        }
        let Some(wanted) = expected.as_array() else {
            return Err(format!("expected {expected}, got {}", show(got)));
        };
        if wanted.len() != items.len() {
            return Err(format!("expected {} items, got {}: {}", wanted.len(), items.len(), show(got)));
        }
        for (at, (expected, item)) in wanted.iter().zip(items).enumerate() {
            self.matches(expected, item).map_err(|reason| format!("[{at}]: {reason}"))?;
        }
        Ok(())
    }

    fn result(&mut self, expected: &Value, result: &Result<Option<Box<Val>>, Option<Box<Val>>>, got: &Val) -> Matched {
        let (side, payload) = match result {
            Ok(payload) => ("ok", payload),
            Err(payload) => ("err", payload),
        };
        let Some(wanted) = expected.as_object().and_then(|object| object.get(side)) else {
            return Err(format!("expected {expected}, got {}", show(got)));
        };
        match payload {
            Some(payload) => self.matches(wanted, payload).map_err(|reason| format!("{side}: {reason}")),
            None if wanted.is_null() || wanted.get("$any").is_some() => Ok(()),
            None => Err(format!("expected {expected}, got {side} without a payload")),
        }
    }

    fn variant(&mut self, expected: &Value, name: &str, payload: Option<&Val>, got: &Val) -> Matched {
        let differs = || Err(format!("expected {expected}, got {}", show(got)));
        match expected {
            Value::String(wanted) => {
                if wanted == name {
                    Ok(())
                } else {
                    differs()
                }
            }
            Value::Object(object) => match (object.get(name), payload) {
                (Some(wanted), Some(payload)) => {
                    self.matches(wanted, payload).map_err(|reason| format!("{name}: {reason}"))
                }
                _ => differs(),
            },
            _ => differs(),
        }
    }

    fn matcher(&mut self, name: &str, argument: &Value, got: &Val) -> Matched {
        let number = |json: &Value| self.scope.number(json).map_err(|error| error.to_string());
        match name {
            "$any" => Ok(()),
            "$not" => match self.matches(argument, got) {
                Ok(()) => Err(format!("expected anything but {argument}, got {}", show(got))),
                Err(_) => Ok(()),
            },
            "$some" => match got {
                Val::Option(Some(some)) => self.matches(argument, some),
                _ => Err(format!("expected some value, got {}", show(got))),
            },
            "$at-least" => {
                let least = number(argument)?;
                match val_number(got) {
                    Some(got) if got >= least => Ok(()),
                    _ => Err(format!("expected at least {least}, got {}", show(got))),
                }
            }
            "$between" => {
                let bounds = argument.as_array().filter(|bounds| bounds.len() == 2);
                let bounds = bounds.ok_or("$between takes [low, high]")?;
                let (low, high) = (number(&bounds[0])?, number(&bounds[1])?);
                match val_number(got) {
                    Some(got) if (low..=high).contains(&got) => Ok(()),
                    _ => Err(format!("expected {low} to {high}, got {}", show(got))),
                }
            }
            "$length" => {
                let length = match got {
                    Val::List(items) => items.len(),
                    Val::String(text) => text.len(),
                    _ => return Err(format!("{} has no length", show(got))),
                };
                let wanted = number(argument)?;
                if length as i128 == wanted { Ok(()) } else { Err(format!("expected length {wanted}, got {length}")) }
            }
            "$unordered" => self.unordered(argument, got),
            "$contains" => self.contains(argument, got),
            "$recent" => recent(got),
            other => Err(format!("{other} is no matcher")),
        }
    }

    /// A timestamp not before another one, or at least so many milliseconds after it.
    fn not_before(&self, object: &Map<String, Value>, earlier: &Value, got: &Val) -> Matched {
        let saved = earlier.as_str().and_then(|text| self.scope.named(text).ok().flatten());
        let Some(Datum::Val(earlier)) = saved else { return Err(format!("{earlier} is no saved timestamp")) };
        let after = match object.get("milliseconds") {
            Some(number) => self.scope.number(number).map_err(|error| error.to_string())? * 1_000_000,
            None => 0,
        };
        match (nanoseconds(earlier), nanoseconds(got)) {
            (Some(earlier), Some(later)) if later >= earlier + after => Ok(()),
            _ => Err(format!("expected a time {after} ns after {}, got {}", show(earlier), show(got))),
        }
    }

    fn unordered(&mut self, argument: &Value, got: &Val) -> Matched {
        let (Some(wanted), Val::List(items)) = (argument.as_array(), got) else {
            return Err(format!("expected a list, got {}", show(got)));
        };
        if wanted.len() != items.len() {
            return Err(format!("expected {} items, got {}: {}", wanted.len(), items.len(), show(got)));
        }
        let mut left: Vec<&Val> = items.iter().collect();
        for expected in wanted {
            let Some(at) = left.iter().position(|item| self.matches(expected, item).is_ok()) else {
                return Err(format!("expected {expected} among {}", show(got)));
            };
            left.swap_remove(at);
        }
        Ok(())
    }

    fn contains(&mut self, argument: &Value, got: &Val) -> Matched {
        let found = match got {
            Val::String(text) => {
                let part = self.scope.text(argument).map_err(|error| error.to_string())?;
                text.contains(&part)
            }
            Val::List(items) => items.iter().any(|item| self.matches(argument, item).is_ok()),
            _ => false,
        };
        if found { Ok(()) } else { Err(format!("expected {argument} in {}", show(got))) }
    }

    /// Text line by line, each with `*` for anything.
    fn lines(&self, argument: &Value, in_any_order: bool, got: &Val) -> Matched {
        let text = match (got, val_bytes(got)) {
            (Val::String(text), _) => text.clone(),
            (_, Some(bytes)) => String::from_utf8(bytes).map_err(|_| "expected text, got other bytes".to_owned())?,
            _ => return Err(format!("expected text, got {}", show(got))),
        };
        let wanted = argument.as_array().ok_or("$lines takes a list")?;
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.len() != wanted.len() {
            return Err(format!("expected {} lines, got {}: {text:?}", wanted.len(), lines.len()));
        }
        for pattern in wanted {
            let pattern = self.line_pattern(pattern)?;
            let searched = if in_any_order { lines.len() } else { 1 };
            match lines[..searched].iter().position(|line| star_matches(&pattern, line)) {
                Some(at) => {
                    lines.remove(at);
                }
                None => return Err(format!("expected the line {pattern:?} in {lines:?}")),
            }
        }
        Ok(())
    }

    /// A line may be a list of parts: text, and `{"hex-of": bytes}` as the dumps of the drivers write them.
    fn line_pattern(&self, pattern: &Value) -> Result<String, String> {
        let part = |json: &Value| -> Result<String, String> {
            match json.get("hex-of") {
                Some(bytes) => {
                    let bytes = match bytes {
                        Value::String(text) if !text.starts_with('$') || text.starts_with("${") => {
                            self.scope.fill(text).map(String::into_bytes)
                        }
                        other => self.scope.bytes(other),
                    };
                    let bytes = bytes.map_err(|error| error.to_string())?;
                    Ok(hex(&bytes))
                }
                None => self.scope.text(json).map_err(|error| error.to_string()),
            }
        };
        match pattern {
            Value::Array(parts) => parts.iter().map(part).collect(),
            other => part(other),
        }
    }

    fn denied(&mut self, denied: &Value, got: &Val) -> Matched {
        let text = |key: &str| -> Result<Option<String>, String> {
            denied.get(key).map(|json| self.scope.text(json).map_err(|error| error.to_string())).transpose()
        };
        let action = || Ok::<_, String>(quote(&text("action")?.ok_or("denied takes an action here")?));
        let (resource, missing) = match (text("path")?, text("host")?, text("program")?, text("target")?) {
            (Some(path), None, None, None) => {
                let missing = format!("filesystem = [{{ action = {}, path = {} }}]", action()?, quote(&path));
                (path, missing)
            }
            (None, Some(host), None, None) => {
                let port = denied.get("port").map(|port| self.scope.number(port)).transpose();
                let port = port.map_err(|error| error.to_string())?;
                let line = port.map(|port| format!(", port = {port}")).unwrap_or_default();
                let missing = format!("network = [{{ action = {}, host = {}{line} }}]", action()?, quote(&host));
                let host = if host.contains(':') { format!("[{host}]") } else { host };
                (host + &port.map(|port| format!(":{port}")).unwrap_or_default(), missing)
            }
            (None, None, Some(program), None) => {
                let missing = format!("process = [{{ action = {}, program = {} }}]", action()?, quote(&program));
                (program, missing)
            }
            (None, None, None, Some(target)) => {
                let name = target.split_once('@').map_or(target.as_str(), |(name, _)| name);
                let missing = format!("messaging = [{{ target = {} }}]", quote(name));
                (target, missing)
            }
            _ => return Err("denied takes one of path, host, program and target".to_owned()),
        };
        let denial = ExpectedDenial {
            operation: text("operation")?.unwrap_or_else(|| self.operation.to_owned()),
            resource: text("resource")?.unwrap_or(resource),
            missing,
        };
        let Val::Result(Err(Some(error))) = got else {
            return Err(format!("expected permission-denied, got {}", show(got)));
        };
        let Val::Variant(case, Some(payload)) = &**error else {
            return Err(format!("expected permission-denied, got {}", show(error)));
        };
        let Val::Record(fields) = &**payload else {
            return Err(format!("expected permission-denied, got {}", show(error)));
        };
        if case != "permission-denied" {
            return Err(format!("expected permission-denied, got {}", show(error)));
        }
        let wanted = [("operation", &denial.operation), ("resource", &denial.resource), ("missing", &denial.missing)];
        for ((name, wanted), (field, value)) in wanted.into_iter().zip(fields) {
            if name != field || *value != Val::String(wanted.clone()) {
                return Err(format!("permission-denied: {name}: expected {wanted:?}, got {}", show(value)));
            }
        }
        self.denials.push(denial);
        Ok(())
    }
}

fn bytes_are(wanted: &[u8], got: &Val) -> Matched {
    let got = val_bytes(got).ok_or_else(|| format!("expected bytes, got {}", show(got)))?;
    if got == wanted {
        return Ok(());
    }
    let at = got.iter().zip(wanted).position(|(a, b)| a != b).unwrap_or(got.len().min(wanted.len()));
    Err(format!("expected {}, got {}; they differ at byte {at}", show_bytes(wanted, 48), show_bytes(&got, 48)))
}

/// A timestamp as one number.
fn nanoseconds(val: &Val) -> Option<i128> {
    let Val::Record(fields) = val else { return None };
    let part = |name: &str| fields.iter().find(|(field, _)| field == name).and_then(|(_, value)| val_number(value));
    Some(part("seconds")? * 1_000_000_000 + part("nanoseconds")?)
}

fn recent(got: &Val) -> Matched {
    const HOUR: i128 = 3600;
    let got = if let Val::Option(Some(some)) = got { some } else { got };
    let seconds = match got {
        Val::Record(fields) => fields.iter().find(|(name, _)| name == "seconds").and_then(|(_, n)| val_number(n)),
        _ => None,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i128::from(since.as_secs()));
    match seconds {
        Some(seconds) if (seconds - now).abs() < HOUR => Ok(()),
        _ => Err(format!("expected a time within the last hour, got {}", show(got))),
    }
}

/// `*` stands for any text.
pub fn star_matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let (last, middle) = parts.split_last().expect("split gives at least one part");
    for part in middle {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

/// A basic string of TOML; written apart from the policy's own, which it checks.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
