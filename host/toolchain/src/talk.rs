//! What a tool says, bounded: the first errors, for they are the cause of the others, and the end.

use std::collections::VecDeque;

/// How many lines are kept from the first error on: a compiler's first few messages with their explanations.
const HEAD_LINES: usize = 40;

/// How many of the last lines are kept: where many tools say what it comes to.
const TAIL_LINES: usize = 20;

/// How many bytes of a line are kept: more is a program without line ends.
const LINE_BYTES: usize = 400;

/// A cause that a tool's message is known by, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cause {
    /// What the message has in it. All pieces have to be there, in this order.
    pub(crate) signs: &'static [&'static str],
    /// What to do about it, given the line.
    pub(crate) help: fn(&str) -> String,
}

impl Cause {
    fn fits(&self, line: &str) -> bool {
        let mut rest = Some(line);
        for sign in self.signs {
            rest = rest.and_then(|rest| rest.split_once(sign)).map(|(_, rest)| rest);
        }
        rest.is_some()
    }
}

/// How to read what a tool says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ear {
    /// Whether a line begins a message about an error.
    pub(crate) error: Option<fn(&str) -> bool>,
    /// Whether a line says how far the tool has come, which is of no use when it has failed.
    pub(crate) progress: Option<fn(&str) -> bool>,
    /// The causes that are known, the most particular first.
    pub(crate) causes: &'static [Cause],
    /// From this line on, what it writes is of use to its own developers only.
    pub(crate) end: Option<&'static str>,
}

/// What is kept of it.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    head: Vec<String>,
    tail: VecDeque<String>,
    left_out: usize,
    error_seen: bool,
    /// The place of the cause in the table, and the line that shows it.
    cause: Option<(usize, String)>,
}

impl Talk {
    /// Takes the next line.
    pub(crate) fn push(&mut self, line: &str, ear: &Ear) {
        let known = ear.causes.iter().take(self.cause.as_ref().map_or(usize::MAX, |(at, _)| *at));
        if let Some(at) = known.into_iter().position(|cause| cause.fits(line)) {
            self.cause = Some((at, line.to_owned()));
        }
        if ear.progress.is_some_and(|is_progress| is_progress(line)) {
            return;
        }
        if !self.error_seen && ear.error.is_some_and(|is_error| is_error(line)) {
            *self = Talk { error_seen: true, cause: self.cause.take(), ..Talk::default() };
        }
        let line = shortened(line);
        if self.head.len() < HEAD_LINES {
            self.head.push(line);
            return;
        }
        self.tail.push_back(line);
        if self.tail.len() > TAIL_LINES {
            self.tail.pop_front();
            self.left_out += 1;
        }
    }

    /// What is known to help, by what was said.
    pub(crate) fn help(&self, ear: &Ear) -> Option<String> {
        self.cause.as_ref().map(|(at, line)| (ear.causes[*at].help)(line))
    }

    /// What both streams of a tool said, the one with an error last, as it is read.
    pub(crate) fn text(self, other: Talk) -> String {
        let (first, second) = if self.error_seen && !other.error_seen { (other, self) } else { (self, other) };
        // An error on one stream makes what went before on the other one of no account.
        let first = if second.error_seen && !first.error_seen { Talk::default() } else { first };
        let mut lines = Vec::new();
        for Talk { head, tail, left_out, .. } in [first, second] {
            lines.extend(head);
            if left_out > 0 {
                lines.push(format!("[{left_out} lines left out]"));
            }
            lines.extend(tail);
        }
        lines.join("\n")
    }
}

fn shortened(line: &str) -> String {
    match line.len() > LINE_BYTES {
        true => format!("{}…", &line[..line.floor_char_boundary(LINE_BYTES)]),
        false => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EAR: Ear = Ear {
        error: Some(|line| line.starts_with("error")),
        progress: Some(|line| line.starts_with("   Compiling")),
        causes: &[
            Cause { signs: &["no module ", " in registry"], help: |line| format!("write its name right: {line}") },
            Cause { signs: &["cannot find"], help: |_| "look for it".to_owned() },
        ],
        end: None,
    };

    fn heard(lines: impl IntoIterator<Item = String>) -> Talk {
        let mut talk = Talk::default();
        for line in lines {
            talk.push(&line, &EAR);
        }
        talk
    }

    #[test]
    fn the_first_error_is_kept_however_much_comes_before_and_after() {
        let warnings = (0..1000).map(|number| format!("warning {number}"));
        let errors = (0..1000).map(|number| format!("error {number}"));
        let text = heard(warnings.chain(errors)).text(Talk::default());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), HEAD_LINES + 1 + TAIL_LINES);
        assert_eq!(lines[0], "error 0");
        assert_eq!(lines[HEAD_LINES], "[940 lines left out]");
        assert_eq!(lines.last(), Some(&"error 999"));
    }

    #[test]
    fn without_an_error_that_is_known_as_one_the_beginning_and_the_end_are_kept() {
        let text = heard((0..100).map(|number| number.to_string())).text(Talk::default());
        assert!(
            text.starts_with("0\n1\n") && text.contains("\n39\n[40 lines left out]\n80\n") && text.ends_with("\n99")
        );
    }

    #[test]
    fn how_far_it_has_come_is_left_out_and_a_long_line_is_cut() {
        let text = heard(["   Compiling x".to_owned(), "é".repeat(1000)]).text(Talk::default());
        assert_eq!(text, format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn the_most_particular_cause_wins_and_its_line_need_not_be_kept() {
        let mut lines = vec!["cannot find it".to_owned(), "no module x in registry".to_owned()];
        lines.extend((0..1000).map(|number| format!("error {number}")));
        let talk = heard(lines);
        assert_eq!(talk.help(&EAR).as_deref(), Some("write its name right: no module x in registry"));
        assert!(!talk.text(Talk::default()).contains("registry"));
        assert_eq!(heard(["nothing".to_owned()]).help(&EAR), None);
    }

    #[test]
    fn a_stream_without_an_error_is_no_part_of_one_with_an_error() {
        let talk = || heard(["hello".to_owned()]);
        let error = || heard(["error 1".to_owned()]);
        assert_eq!(talk().text(error()), "error 1");
        assert_eq!(error().text(talk()), "error 1");
        assert_eq!(talk().text(heard(["bye".to_owned()])), "hello\nbye");
    }
}
