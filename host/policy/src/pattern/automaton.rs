//! Path patterns as automata that follow a path byte by byte.
//!
//! A pattern with many wildcards can be tried on a path in very many ways, and both may be a stranger's. The automaton
//! tries all of them at once: a bit is a place in the pattern that the path so far may have led to, and a byte of the
//! path moves all bits together, 64 at a time. The work is therefore known before: the product of the two lengths, divided by 64.

/// Bits that move together.
const WORD_BITS: usize = u64::BITS as usize;
/// Bytes that stand for part of a character, none of them the first.
const CONTINUATION: std::ops::RangeInclusive<u8> = 0x80..=0xBF;

/// A pattern, ready to be matched.
#[derive(Debug)]
pub(super) struct Automaton {
    /// Words that the places of the pattern take.
    words: usize,
    /// For each byte, which of the groups of words in `by_byte` is its own.
    groups: Box<[u16; 256]>,
    /// Which places each byte leads on from. The first group is of all bytes that the pattern does not name.
    by_byte: Vec<u64>,
    /// Which places the first byte of any character but `/` leads on from.
    any_character: Vec<u64>,
    /// Places that any byte but `/` leaves where they are: within `*`.
    within_segment: Vec<u64>,
    /// Places that every byte leaves where they are: within `**`.
    within_tree: Vec<u64>,
    /// Places that bytes of [`CONTINUATION`] leave where they are: after a `?`, whose character may have more of them.
    within_character: Vec<u64>,
    /// Places that lead on to the next without a byte.
    skips_one: Vec<u64>,
    /// Places that lead on to the one after the next without a byte: before `**`, which may stand for nothing.
    skips_two: Vec<u64>,
    /// The place after the last.
    end: usize,
}

/// One place of a pattern.
enum Place {
    Byte(u8),
    /// `?`.
    AnyCharacter,
    /// `*`.
    Segment,
    /// The `/` before what `**` stands for.
    TreeBegins,
    /// What `**` stands for.
    Tree,
}

impl Automaton {
    /// Of a checked pattern.
    pub(super) fn new(pattern: &str) -> Self {
        let mut places = Vec::new();
        for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
            if segment == "**" {
                // Two of them in a row say no more than one.
                if !matches!(places.last(), Some(Place::Tree)) {
                    places.extend([Place::TreeBegins, Place::Tree]);
                }
                continue;
            }
            places.push(Place::Byte(b'/'));
            for byte in segment.bytes() {
                match byte {
                    b'*' => places.push(Place::Segment),
                    b'?' => places.push(Place::AnyCharacter),
                    byte => places.push(Place::Byte(byte)),
                }
            }
        }
        Self::of(&places)
    }

    fn of(places: &[Place]) -> Self {
        let words = places.len() / WORD_BITS + 1;
        let mut groups = Box::new([0; 256]);
        let mut groups_used = 1;
        for place in places {
            let byte = match place {
                Place::Byte(byte) => *byte,
                Place::TreeBegins => b'/',
                _ => continue,
            };
            if groups[usize::from(byte)] == 0 {
                groups[usize::from(byte)] = groups_used;
                groups_used += 1;
            }
        }
        let none = || vec![0_u64; words];
        let mut automaton = Self {
            words,
            groups,
            by_byte: vec![0; words * usize::from(groups_used)],
            any_character: none(),
            within_segment: none(),
            within_tree: none(),
            within_character: none(),
            skips_one: none(),
            skips_two: none(),
            end: places.len(),
        };
        for (place, kind) in places.iter().enumerate() {
            let set = |words: &mut [u64], place: usize| words[place / WORD_BITS] |= 1 << (place % WORD_BITS);
            match kind {
                Place::Byte(byte) => set(automaton.words_of(*byte), place),
                Place::TreeBegins => {
                    set(automaton.words_of(b'/'), place);
                    set(&mut automaton.skips_two, place);
                }
                Place::AnyCharacter => {
                    set(&mut automaton.any_character, place);
                    set(&mut automaton.within_character, place + 1);
                }
                Place::Segment => {
                    set(&mut automaton.within_segment, place);
                    set(&mut automaton.skips_one, place);
                }
                Place::Tree => {
                    set(&mut automaton.within_tree, place);
                    set(&mut automaton.skips_one, place);
                }
            }
        }
        automaton
    }

    fn words_of(&mut self, byte: u8) -> &mut [u64] {
        let group = usize::from(self.groups[usize::from(byte)]);
        &mut self.by_byte[group * self.words..][..self.words]
    }

    /// Steps that matching a path of this length takes at most, each of a few instructions.
    #[cfg(test)]
    pub(super) fn steps(&self, path: &str) -> usize {
        self.words * (path.len() + 1)
    }

    /// Whether a resolved path is covered that starts as the pattern does: with its first `literal` bytes, in which nothing is
    /// a wildcard. They are one place each, and are not read again.
    pub(super) fn matches(&self, path: &str, literal: usize) -> bool {
        // Most patterns are so short that their places fit into one word.
        if self.words == 1 {
            self.matches_with(path, literal, &mut [0])
        } else {
            self.matches_with(path, literal, &mut vec![0; self.words])
        }
    }

    fn matches_with(&self, path: &str, literal: usize, state: &mut [u64]) -> bool {
        state[literal / WORD_BITS] = 1 << (literal % WORD_BITS);
        // What comes next may stand for nothing.
        let mut skip = Skip::default();
        for (at, word) in state.iter_mut().enumerate() {
            *word = skip.from(*word, self.skips_one[at], self.skips_two[at]);
        }
        // The root has no segment, so nothing leads on from it.
        let bytes = if path == "/" { &[] } else { &path.as_bytes()[literal..] };
        bytes.iter().all(|byte| self.advance(state, *byte))
            && state[self.end / WORD_BITS] >> (self.end % WORD_BITS) & 1 == 1
    }

    /// Moves on by one byte, and further wherever that takes no byte. `false`: no place is left.
    fn advance(&self, state: &mut [u64], byte: u8) -> bool {
        let group = usize::from(self.groups[usize::from(byte)]);
        let named = &self.by_byte[group * self.words..][..self.words];
        let in_segment = if byte == b'/' { 0 } else { u64::MAX };
        let in_character = if CONTINUATION.contains(&byte) { u64::MAX } else { 0 };
        let (mut carried, mut left) = (0, 0);
        let mut skip = Skip::default();
        for (at, word) in state.iter_mut().enumerate() {
            let leads_on = named[at] | self.any_character[at] & in_segment & !in_character;
            let stays =
                self.within_tree[at] | self.within_segment[at] & in_segment | self.within_character[at] & in_character;
            let moved = *word & leads_on;
            let next = moved << 1 | carried | *word & stays;
            carried = moved >> (WORD_BITS - 1);
            *word = skip.from(next, self.skips_one[at], self.skips_two[at]);
            left |= *word;
        }
        left != 0
    }
}

/// Goes on wherever that takes no byte, word by word. At most it leads from a `*` over a `**`.
#[derive(Default)]
struct Skip {
    one: u64,
    two: u64,
}

impl Skip {
    fn from(&mut self, word: u64, skips_one: u64, skips_two: u64) -> u64 {
        let skipped = word & skips_one;
        let word = word | skipped << 1 | self.one;
        self.one = skipped >> (WORD_BITS - 1);
        let skipped = word & skips_two;
        let word = word | skipped << 2 | self.two;
        self.two = skipped >> (WORD_BITS - 2);
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PathPattern;
    use crate::pattern::glob;

    /// The definition: segments by segments, and their characters by characters.
    fn obviously_matches(pattern: &str, path: &str) -> bool {
        fn segments(pattern: &[&str], path: &[&str]) -> bool {
            match pattern.split_first() {
                None => path.is_empty(),
                Some((&"**", rest)) => (0..=path.len()).any(|taken| segments(rest, &path[taken..])),
                Some((segment, rest)) => path
                    .split_first()
                    .is_some_and(|(found, left)| glob::matches_segment(segment, found) && segments(rest, left)),
            }
        }
        let split = |text: &'static str| text.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>();
        segments(&split(Box::leak(pattern.into())), &split(Box::leak(path.into())))
    }

    /// The same numbers every time (Marsaglia's xorshift).
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % end as u64).unwrap()
        }

        fn path(&mut self, pieces: &[&str], segments: usize, length: usize) -> String {
            let mut path = String::new();
            for _ in 0..self.below(segments + 1) {
                let segment: String = (0..=self.below(length)).map(|_| pieces[self.below(pieces.len())]).collect();
                path += "/";
                path += &segment;
            }
            if path.is_empty() { "/".to_owned() } else { path }
        }
    }

    #[test]
    fn it_agrees_with_the_definition_on_patterns_and_paths_of_all_kinds() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut covered = 0;
        for _ in 0..20_000 {
            let pattern = numbers.path(&["a", "b", "é", "🦀", "?", "*", "\u{1}"], 5, 3);
            // Whole segments of two stars, and never two stars elsewhere.
            let tree = |segment: &str| if segment.contains("**") { "**".to_owned() } else { segment.to_owned() };
            let pattern: Vec<String> = pattern.split('/').map(tree).collect();
            let pattern = pattern.join("/");
            let automaton = Automaton::new(&pattern);
            let whole: PathPattern = pattern.parse().unwrap();
            for _ in 0..4 {
                let path = numbers.path(&["a", "b", "é", "è", "🦀", "\u{1}"], 5, 3);
                let expected = obviously_matches(&pattern, &path);
                assert_eq!(automaton.matches(&path, 0), expected, "{pattern:?} {path:?}");
                assert_eq!(whole.matches(&path), expected, "{pattern:?} {path:?}");
                covered += usize::from(expected);
            }
        }
        assert!(covered > 2000, "{covered}");
    }

    #[test]
    fn it_agrees_with_the_definition_across_the_bounds_of_words() {
        for length in 50..140 {
            let literal = "x".repeat(length);
            for tail in ["", "/**", "/**/y", "*", "?", "*/**", "?*/**/z", "/*"] {
                let pattern = format!("/{literal}{tail}");
                let automaton = Automaton::new(&pattern);
                let whole: PathPattern = pattern.parse().unwrap();
                for rest in ["", "/y", "/z", "x", "é", "é/y", "xx/y/z", "/a/b/y", "y/z"] {
                    let path = format!("/{literal}{rest}");
                    let expected = obviously_matches(&pattern, &path);
                    assert_eq!(automaton.matches(&path, 0), expected, "{pattern} {path}");
                    assert_eq!(whole.matches(&path), expected, "{pattern} {path}");
                }
            }
        }
    }

    #[test]
    fn the_work_is_the_length_of_the_path_for_each_64_places_of_the_pattern() {
        let path = "/a".repeat(2000);
        assert_eq!(Automaton::new("/**").steps(&path), path.len() + 1);
        let long = format!("/**{}", "/*a?a".repeat(800));
        assert_eq!(Automaton::new(&long).steps(&path), ((2 + 800 * 5) / 64 + 1) * (path.len() + 1));
    }
}
