//! Wildcard matching over any sequence: characters of a segment, or segments of a path.

/// Matches `pattern` against `text`, where an item that is `many` stands for any number of items.
///
/// Only the last `many` is ever retried: whatever an earlier one could take, the later one can take as well. The cost is
/// therefore at most the product of the two lengths, whatever the pattern.
pub(super) fn matches<P, T>(
    mut pattern: impl Iterator<Item = P> + Clone,
    mut text: impl Iterator<Item = T> + Clone,
    many: impl Fn(&P) -> bool,
    one: impl Fn(&P, &T) -> bool,
) -> bool {
    let mut retry = None;
    loop {
        match pattern.next() {
            Some(item) if many(&item) => {
                retry = Some((pattern.clone(), text.clone()));
                continue;
            }
            Some(item) => match text.next() {
                Some(found) if one(&item, &found) => continue,
                Some(_) => {}
                None => return false,
            },
            None if text.next().is_none() => return true,
            None => {}
        }
        let Some((after, from)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        pattern = after.clone();
        text = from.clone();
    }
}

/// Matches one segment: `*` is any number of characters, `?` is one.
pub(super) fn matches_segment(pattern: &str, text: &str) -> bool {
    matches(pattern.chars(), text.chars(), |item| *item == '*', |item, found| *item == '?' || item == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The obvious definition, exponential and right.
    fn obviously_matches(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| obviously_matches(rest, &text[taken..])),
            Some((item, rest)) => text
                .split_first()
                .is_some_and(|(found, left)| (*item == '?' || item == found) && obviously_matches(rest, left)),
        }
    }

    /// Every string over `alphabet` of up to `longest` characters.
    fn all_strings(alphabet: &[char], longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last.iter().flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn it_agrees_with_the_obvious_definition_on_every_short_pattern_and_text() {
        let texts = all_strings(&['a', 'b'], 5);
        for pattern in all_strings(&['a', 'b', '*', '?'], 5) {
            let items: Vec<char> = pattern.chars().collect();
            for text in &texts {
                let found: Vec<char> = text.chars().collect();
                assert_eq!(matches_segment(&pattern, text), obviously_matches(&items, &found), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_pattern_of_many_stars_does_not_explode() {
        let text = "a".repeat(10_000);
        assert!(!matches_segment(&"*a".repeat(200).replace("a", "aa").replacen("aa", "ab", 1), &text));
        assert!(matches_segment(&"*a".repeat(200), &text));
    }
}
