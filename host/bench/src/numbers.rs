//! Numbers as people read them.

/// How many times as fast something is.
pub fn times(speed: f64) -> String {
    if speed < 0.1 { format!("{speed:.3}x") } else { format!("{}x", three_digits(speed)) }
}

/// With three digits, in the unit that fits.
pub fn milliseconds(value: f64) -> String {
    match value {
        _ if value < 1e-3 => format!("{} ns", three_digits(value * 1e6)),
        _ if value < 1.0 => format!("{} us", three_digits(value * 1e3)),
        _ if value < 1e3 => format!("{} ms", three_digits(value)),
        _ => format!("{} s", three_digits(value / 1e3)),
    }
}

/// With three digits, in the unit that fits.
pub fn bytes(value: f64) -> String {
    const KIB: f64 = 1024.0;
    match value {
        _ if value < KIB => format!("{value:.0} B"),
        _ if value < KIB * KIB => format!("{} KiB", three_digits(value / KIB)),
        _ if value < KIB * KIB * KIB => format!("{} MiB", three_digits(value / KIB / KIB)),
        _ => format!("{} GiB", three_digits(value / KIB / KIB / KIB)),
    }
}

fn three_digits(value: f64) -> String {
    let text = match value {
        _ if value < 1.0 => format!("{value:.3}"),
        _ if value < 10.0 => format!("{value:.2}"),
        _ if value < 100.0 => format!("{value:.1}"),
        _ => return format!("{value:.0}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_units_that_fit() {
        assert_eq!(milliseconds(0.000_031_4), "31.4 ns");
        assert_eq!(milliseconds(0.0314), "31.4 us");
        assert_eq!(milliseconds(4.567), "4.57 ms");
        assert_eq!(milliseconds(8000.0), "8 s");
        assert_eq!([times(0.0123), times(0.5), times(3.768)], ["0.012x", "0.5x", "3.77x"]);
        assert_eq!(bytes(16.0), "16 B");
        assert_eq!(bytes(65536.0), "64 KiB");
        assert_eq!(bytes(18.4 * 1024.0 * 1024.0), "18.4 MiB");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }
}
