//! "Did you mean": the nearest known word to one that nobody knows.

/// Longer words are not compared: the cost is the product of the lengths, and no known word is as long.
const MAX_WORD_CHARACTERS: usize = 64;

/// The known word that `unknown` is most likely a slip of, if any is near enough: a third of its characters may be
/// wrong, missing, doubled or swapped with their neighbour, one in any case. Upper case and `_` for `-` count as no difference.
///
/// ```
/// use airssys_wasm_policy::suggest;
/// assert_eq!(suggest("nmae", ["name", "version"]), Some("name"));
/// assert_eq!(suggest("max_memory_bytes", ["max-memory-bytes"]), Some("max-memory-bytes"));
/// assert_eq!(suggest("color", ["name", "version"]), None);
/// ```
pub fn suggest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let unknown = letters(unknown);
    if unknown.len() > MAX_WORD_CHARACTERS {
        return None;
    }
    known
        .into_iter()
        .filter_map(|word| {
            let letters = letters(word);
            if letters.len() > MAX_WORD_CHARACTERS {
                return None;
            }
            let distance = distance(&unknown, &letters);
            let longest = unknown.len().max(letters.len());
            (distance <= (longest / 3).max(1) && distance < longest).then_some((distance, word))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).collect()
}

/// How many characters have to be changed, added, removed or swapped with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in to.iter().enumerate() {
            let mut cost = (last[column] + usize::from(a != b)).min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *a == to[column - 1] && from[row - 1] == *b {
                cost = cost.min(before_last[column - 1] + 1);
            }
            current.push(cost);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(from: &str, to: &str) -> usize {
        distance(&letters(from), &letters(to))
    }

    #[test]
    fn distances_are_the_known_ones() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("nmae", "name", 1),
            ("naem", "name", 1),
            ("langauge", "language", 1),
            ("A_b", "a-B", 0),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(apart(from, to), expected, "{from} {to}");
            assert_eq!(apart(to, from), expected, "{to} {from}");
        }
    }

    #[test]
    fn the_nearest_word_wins_and_far_ones_do_not() {
        let known = ["filesystem", "network", "process", "storage", "messaging"];
        for (unknown, expected) in [
            ("filesystems", Some("filesystem")),
            ("file-system", Some("filesystem")),
            ("netwrok", Some("network")),
            ("massaging", Some("messaging")),
            ("Process", Some("process")),
            ("gpu", None),
            ("", None),
        ] {
            assert_eq!(suggest(unknown, known), expected, "{unknown}");
        }
        assert_eq!(suggest("x", ["c"]), None);
        assert_eq!(suggest(&"a".repeat(100_000), ["a"]), None);
        assert_eq!(suggest("name", []), None);
    }
}
