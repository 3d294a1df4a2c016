//! Which SDKs understand each other: cases whose peer is the driver of each SDK.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Report;
use super::document::Count;

impl Report {
    /// One row for the SDK under test, one column for that of its peer, and how many pairs passed every case; empty when
    /// no case was run with each. Pairs with an SDK that was not chosen are neither shown nor counted.
    pub fn pairs(&self) -> String {
        let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
        for cell in &self.cells {
            if let Some(peer) = &cell.peer {
                counts.entry((&cell.sdk, peer)).or_default().add(cell.outcome);
            }
        }
        if counts.is_empty() {
            return String::new();
        }
        let whole = counts.values().filter(|count| count.green && count.passed == count.cells).count();
        let width = self.sdks.iter().map(String::len).max().unwrap_or(0).max("with".len());
        let mut text = format!("\nmessages: {whole} of {} pairs\n{:<width$}", counts.len(), "with");
        for peer in &self.sdks {
            let _ = write!(text, "  {peer:>10}");
        }
        text.push('\n');
        for sdk in &self.sdks {
            let _ = write!(text, "{sdk:<width$}");
            for peer in &self.sdks {
                let shown = match counts.get(&(sdk.as_str(), peer.as_str())) {
                    Some(Count { passed, cells, green: true }) => format!("{passed}/{cells}"),
                    Some(Count { passed, cells, .. }) => format!("{passed}/{cells} FAIL"),
                    None => "-".to_owned(),
                };
                let _ = write!(text, "  {shown:>10}");
            }
            text.push('\n');
        }
        text
    }
}
