//! One page that needs nothing else: the matrix, a search, and every case by a click.

use std::collections::BTreeMap;

use super::{Outcome, Report};

const PAGE: &str = include_str!("page.html");

impl Report {
    /// The page. The report is in it as JSON; the page's script shows it.
    pub fn html(&self) -> String {
        let json = serde_json::to_string(self).expect("a report is JSON");
        // Taken apart before anything is put in: what is in a report may look like a mark.
        let mut page = PAGE;
        let mut until = |mark: &str| {
            let (before, after) = page.split_once(mark).expect("the page has each mark once, in this order");
            page = after;
            before
        };
        let (head, middle, end) = (until("{{verdict}}"), until("{{known}}"), until("{{report}}"));
        // Nothing in the JSON may end the element that it stands in.
        let json = json.replace('<', "\\u003c");
        format!("{head}{}{middle}{}{end}{json}{page}", self.html_verdict(), self.html_known())
    }

    /// What all of it comes to: what is unexpected, and what is known to fail.
    fn html_verdict(&self) -> String {
        let unexpected = self.cells.iter().filter(|cell| !cell.outcome.is_green()).count();
        let (class, mut text) = match unexpected {
            0 => ("good", "nothing unexpected".to_owned()),
            1 => ("bad", "1 cell is not as expected".to_owned()),
            count => ("bad", format!("{count} cells are not as expected")),
        };
        let known = self.cells.iter().filter(|cell| cell.outcome == Outcome::ExpectedFailure).count();
        if known > 0 {
            let failures = if known == 1 { "failure" } else { "failures" };
            text.push_str(&format!("; <a class=\"mark known\" href=\"#known\">{known} known {failures}</a>"));
        }
        format!("<p class=\"verdict {class}\" id=\"verdict\">{text}</p>")
    }

    /// The known failures by their reasons.
    fn html_known(&self) -> String {
        let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| cell.outcome == Outcome::ExpectedFailure) {
            let reason = cell.detail.as_ref().and_then(|detail| detail.reason.as_deref());
            *reasons.entry((&cell.sdk, reason.unwrap_or("no reason is given"))).or_default() += 1;
        }
        if reasons.is_empty() {
            return String::new();
        }
        let item = |((sdk, reason), count): (&(&str, &str), &usize)| {
            format!("<li>{} in {}: {}</li>", cells(*count), escaped(sdk), linked(reason))
        };
        let items: String = reasons.iter().map(item).collect();
        format!("<section id=\"known\"><h2>Known failures</h2><ul>{items}</ul></section>")
    }
}

fn cells(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}

/// A reason, with the link at its end as one.
fn linked(reason: &str) -> String {
    let parts = reason.strip_suffix(')').and_then(|reason| reason.rsplit_once(" ("));
    match parts {
        Some((reason, link)) if link.starts_with("https://") => {
            format!("{} (<a href=\"{}\">{}</a>)", escaped(reason), escaped(link), escaped(link))
        }
        _ => escaped(reason),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
