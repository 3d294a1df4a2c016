//! A comparison as a picture: a bar for each way, with a line from the 10th to the 90th percentile.

use std::fmt::Write;

use crate::comparison::{Comparison, Way};
use crate::numbers::{milliseconds, times};

const WIDTH: f64 = 860.0;
/// Where bars begin: left of it are their names.
const LEFT: f64 = 290.0;
/// Where the longest one ends: right of it are the numbers.
const RIGHT: f64 = 690.0;
const BAR: f64 = 16.0;
const STEP: f64 = 24.0;
/// The first bar of each picture is what the others are compared with.
const COLOURS: [&str; 2] = ["#8a3ffc", "#78a9ff"];

/// Comparisons below each other, each with its heading, on one logarithmic scale.
pub fn svg(title: &str, comparisons: &[(&str, &Comparison)]) -> String {
    let costs = comparisons.iter().flat_map(|(_, comparison)| &comparison.ways).filter_map(|way| way.cost_ns);
    let low = costs.clone().map(|cost| cost.tenth).fold(f64::INFINITY, f64::min);
    let high = costs.map(|cost| cost.ninetieth).fold(0.0, f64::max);
    let scale = Scale::new(low, high);

    let mut bars = String::new();
    let mut y = 74.0;
    for (heading, comparison) in comparisons {
        text(&mut bars, LEFT, y, "start", "bold", heading);
        y += 10.0;
        for (index, way) in comparison.ways.iter().enumerate() {
            bar(&mut bars, &scale, y, COLOURS[usize::from(index > 0)], way);
            y += STEP;
        }
        y += 26.0;
    }
    let height = y - 10.0;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{0}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escaped(title)
    );
    text(&mut picture, 12.0, 24.0, "start", "bold", title);
    for tick in scale.ticks() {
        let x = scale.x(tick);
        // Writing to a string does not fail.
        let _ = writeln!(
            picture,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"54\" y2=\"{:.1}\" stroke=\"#dddddd\"/>",
            height - 16.0
        );
        text(&mut picture, x, 50.0, "middle", "normal", &milliseconds(tick / 1e6));
    }
    picture + &bars + "</svg>\n"
}

fn bar(picture: &mut String, scale: &Scale, y: f64, colour: &str, way: &Way) {
    let middle = y + BAR / 2.0;
    text(picture, LEFT - 8.0, middle + 4.0, "end", "normal", &way.name.replace('`', ""));
    let Some(cost) = way.cost_ns else {
        text(picture, LEFT + 4.0, middle + 4.0, "start", "normal", "not measured");
        return;
    };
    let (end, low, high) = (scale.x(cost.median), scale.x(cost.tenth), scale.x(cost.ninetieth));
    let _ = writeln!(
        picture,
        "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\" fill=\"{colour}\"/>\n\
         <line x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\" stroke=\"#161616\" stroke-width=\"2\"/>",
        (end - LEFT).max(1.0)
    );
    let speed = way.speed.map(|speed| format!("{}, ", times(speed.median))).unwrap_or_default();
    let label = format!("{speed}{}", milliseconds(cost.median / 1e6));
    text(picture, high.max(end) + 8.0, middle + 4.0, "start", "normal", &label);
}

fn text(picture: &mut String, x: f64, y: f64, anchor: &str, weight: &str, text: &str) {
    let text = escaped(text);
    let _ = writeln!(
        picture,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-weight=\"{weight}\" fill=\"#161616\">{text}</text>"
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// From the power of ten below the smallest number to the one above the largest.
struct Scale {
    low: i32,
    high: i32,
}

impl Scale {
    fn new(low: f64, high: f64) -> Self {
        if !(low > 0.0 && low.is_finite() && high.is_finite()) {
            return Self { low: 0, high: 1 };
        }
        let low_power = low.log10().floor() as i32;
        Self { low: low_power, high: (high.log10().ceil() as i32).max(low_power + 1) }
    }

    fn x(&self, value: f64) -> f64 {
        let part = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        LEFT + (RIGHT - LEFT) * part.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| 10_f64.powi(power))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::tests::comparison;
    use crate::family::Family;

    #[test]
    fn a_way_has_a_bar_of_its_size_and_one_that_is_missing_has_none() {
        let comparison = comparison(Family::Calls, "rust", "16 B", 1000.0);
        let picture = svg("calls <rust>", &[("16 B", &comparison)]);
        assert_eq!(picture.matches("fill=\"#8a3ffc\"").count(), 1, "{picture}");
        assert_eq!(picture.matches("fill=\"#78a9ff\"").count(), 1, "{picture}");
        assert!(picture.contains("calls &lt;rust&gt;") && picture.contains("not measured"), "{picture}");
        assert!(picture.contains(">4x, 250 ns<"), "{picture}");
    }

    #[test]
    fn the_scale_goes_from_one_power_of_ten_to_another() {
        let scale = Scale::new(20.0, 5_000.0);
        assert_eq!(scale.ticks().collect::<Vec<_>>(), [10.0, 100.0, 1_000.0, 10_000.0]);
        assert_eq!((scale.x(10.0), scale.x(10_000.0)), (LEFT, RIGHT));
        assert_eq!(Scale::new(f64::INFINITY, 0.0).ticks().count(), 2, "nothing was measured");
    }
}
