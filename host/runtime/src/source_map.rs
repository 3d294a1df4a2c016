//! Where the lines of a bundled program come from.
//!
//! The build of a JavaScript component puts all of its files into one, and says in a custom section which place came from
//! where: the name of the bundle, the names of the files, a line each, an empty line, and the mappings of a source map of
//! version 3. The section is the guest's and may hold anything; what makes no sense resolves nothing.

use std::collections::BTreeMap;

use crate::trap_frame::TrapFrame;

/// The custom section.
pub(crate) const SECTION: &str = "airssys:source-map";
/// A section larger than this is ignored. The SDK alone has 20 KB, and it grows with the program.
const MAX_BYTES: usize = 4 << 20;

/// The section of one component.
#[derive(Debug)]
pub(crate) struct SourceMap(Box<str>);

/// What a place of the bundle resolves to.
#[derive(Clone, Copy, Default)]
struct Origin {
    column: i64,
    file: i64,
    file_line: i64,
    file_column: i64,
}

impl SourceMap {
    pub(crate) fn new(section: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(section.get(..section.len().min(MAX_BYTES + 1))?).ok()?;
        (text.len() <= MAX_BYTES).then(|| Self(text.into()))
    }

    /// Replaces places in the bundle by those where the author wrote them. Each mapping is read once, however many frames
    /// there are.
    pub(crate) fn resolve(&self, frames: &mut [TrapFrame]) {
        let Some((names, mappings)) = self.0.split_once("\n\n") else { return };
        let mut files = names.lines();
        let Some(bundle) = files.next() else { return };
        let mut wanted: BTreeMap<u32, Line> = BTreeMap::new();
        for (place, frame) in frames.iter().enumerate() {
            if let (Some(line), true) = (frame.line, frame.file.as_deref() == Some(bundle)) {
                wanted.entry(line).or_default().frames.push((frame.column.unwrap_or(1).into(), place));
            }
        }
        for line in wanted.values_mut() {
            line.frames.sort_unstable();
            line.found = vec![(0, None); line.frames.len()];
        }
        let Some(last) = wanted.keys().next_back().copied() else { return };
        // Every number is relative to the one before, from the first line on, except the column in the bundle.
        let mut at = Origin::default();
        for (number, line) in (1..=last).zip(mappings.split(';')) {
            at.column = 0;
            let mut wanted = wanted.get_mut(&number);
            for (order, segment) in line.split(',').enumerate() {
                let Some(has_origin) = at.advance(segment) else { continue };
                if let Some(wanted) = &mut wanted {
                    wanted.found(order + 1, at.column, has_origin.then_some(at));
                }
            }
        }
        let files: Vec<&str> = files.collect();
        for (place, origin) in wanted.into_values().flat_map(Line::origins) {
            let found = origin.and_then(|origin| {
                let file = files.get(usize::try_from(origin.file).ok()?)?;
                let line = u32::try_from(origin.file_line.checked_add(1)?).ok()?;
                Some((*file, line, u32::try_from(origin.file_column.checked_add(1)?).ok()?))
            });
            if let Some((file, line, column)) = found {
                frames[place].moved_to(file, line, column);
            }
        }
    }
}

/// What is wanted of one line of the bundle.
#[derive(Default)]
struct Line {
    /// Columns, with the frames that are there, in order.
    frames: Vec<(i64, usize)>,
    /// For each of these, the last mapping that begins before it and after the frame before it, with its place among the
    /// mappings of the line.
    found: Vec<(usize, Option<Origin>)>,
}

impl Line {
    /// A mapping begins at this column. It holds for all that comes after it, until another one does.
    fn found(&mut self, order: usize, column: i64, origin: Option<Origin>) {
        let first = self.frames.partition_point(|(wanted, _)| *wanted <= column);
        if let Some(found) = self.found.get_mut(first) {
            *found = (order, origin);
        }
    }

    /// The frames, each with the last mapping that holds for it.
    fn origins(self) -> impl Iterator<Item = (usize, Option<Origin>)> {
        let mut last = (0, None);
        self.frames.into_iter().zip(self.found).map(move |((_, place), found)| {
            if found.0 > last.0 {
                last = found;
            }
            (place, last.1)
        })
    }
}

impl Origin {
    /// Moves on by one segment. `None` if there is none, else whether it says where the place comes from.
    fn advance(&mut self, segment: &str) -> Option<bool> {
        let mut numbers = Numbers(segment.bytes());
        self.column = self.column.wrapping_add(numbers.next()?);
        let (Some(file), Some(line), Some(column)) = (numbers.next(), numbers.next(), numbers.next()) else {
            return Some(false);
        };
        self.file = self.file.wrapping_add(file);
        self.file_line = self.file_line.wrapping_add(line);
        self.file_column = self.file_column.wrapping_add(column);
        Some(true)
    }
}

/// The numbers of a segment: base 64, five bits a letter, the lowest first, the lowest of all the sign.
struct Numbers<'a>(std::str::Bytes<'a>);

impl Iterator for Numbers<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let (mut value, mut shift) = (0_i64, 0);
        loop {
            let digit = match self.0.next()? {
                letter @ b'A'..=b'Z' => letter - b'A',
                letter @ b'a'..=b'z' => letter - b'a' + 26,
                letter @ b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            // More bits than any real number has.
            if shift > 40 {
                return None;
            }
            value |= i64::from(digit & 31) << shift;
            shift += 5;
            if digit & 32 == 0 {
                return Some(if value & 1 == 1 { -(value >> 1) } else { value >> 1 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(section: &str, line: &str) -> String {
        let mut frames = [TrapFrame::parse(line)];
        SourceMap::new(section.as_bytes()).unwrap().resolve(&mut frames);
        frames[0].to_string()
    }

    #[test]
    fn places_of_the_bundle_become_places_of_the_source() {
        // Line 2 of the bundle: column 1 is a.ts:1:1, from column 5 on it is b.ts:3:9. Line 3: a.ts:2:1.
        let map = "bundle.js\na.ts\nb.ts\n\n;AAAA,ICEQ;ADDR";
        assert_eq!(resolved(map, "f at bundle.js:2:1"), "f at a.ts:1:1");
        assert_eq!(resolved(map, "f at bundle.js:2:4"), "f at a.ts:1:1");
        assert_eq!(resolved(map, "f at bundle.js:2:77"), "f at b.ts:3:9");
        assert_eq!(resolved(map, "f at bundle.js:3:1"), "f at a.ts:2:1");
        for elsewhere in ["f at bundle.js:1:1", "f at bundle.js:9:1", "f at other.js:2:1", "f at bundle.js", "f"] {
            assert_eq!(resolved(map, elsewhere), elsewhere);
        }
    }

    #[test]
    fn many_frames_are_each_resolved_as_if_they_were_alone() {
        // Columns that go back and forth, and mappings without an origin.
        let map = "bundle.js\na.ts\nb.ts\n\nAAAA,ICEQ,DADA,Q,FCCC;;KDAA,AAAC,JCAA";
        let lines: Vec<String> = [1, 2, 3, 3, 1]
            .iter()
            .flat_map(|line| (0..14).map(move |column| format!("f at bundle.js:{line}:{column}")))
            .collect();
        let mut frames: Vec<TrapFrame> = lines.iter().map(|line| TrapFrame::parse(line)).collect();
        SourceMap::new(map.as_bytes()).unwrap().resolve(&mut frames);
        let alone: Vec<String> = lines.iter().map(|line| resolved(map, line)).collect();
        assert_eq!(frames.iter().map(ToString::to_string).collect::<Vec<_>>(), alone);
        assert!(alone.iter().any(|line| line.contains("a.ts")) && alone.iter().any(|line| line.contains("b.ts")));
    }

    #[test]
    fn nonsense_resolves_nothing() {
        for map in [
            "",
            "bundle.js",
            "\n\n",
            "bundle.js\n\nAAAA",
            "bundle.js\na\n\n!!,A!,+++++++++++++",
            "bundle.js\na\n\nADDD",
        ] {
            assert_eq!(resolved(map, "f at bundle.js:1:1"), "f at bundle.js:1:1", "{map:?}");
        }
        assert!(SourceMap::new(&vec![b'A'; MAX_BYTES + 1]).is_none());
        assert!(SourceMap::new(&[0xff]).is_none());
    }
}
