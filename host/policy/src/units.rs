//! Amounts as people write them.

/// A number with a unit, in the smallest unit; none if it is no such thing or too large. Units are taken in any case.
///
/// ```
/// use airssys_wasm_policy::amount;
///
/// assert_eq!(amount("64KiB", &[("", 1), ("KiB", 1024)]), Some(65_536));
/// assert_eq!(amount("64 parsecs", &[("", 1), ("KiB", 1024)]), None);
/// ```
pub fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}
