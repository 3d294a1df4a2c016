//! One page that needs nothing else: the matrix, a search, and every case by a click.

use super::Report;

const PAGE: &str = include_str!("page.html");

impl Report {
    /// The page. The report is in it as JSON; the page's script shows it.
    pub fn html(&self) -> String {
        let json = serde_json::to_string(self).expect("a report is JSON");
        // Nothing in it may end the element that it stands in.
        PAGE.replacen("{{report}}", &json.replace('<', "\\u003c"), 1)
    }
}
