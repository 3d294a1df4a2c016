//! Names of functions as their authors know them.
//!
//! Compilers write the path and the types of a function into one name of letters and digits. Whoever wrote the component
//! chose that name, and a few hundred bytes can stand for gigabytes of text, or for hours of reading. So the text is
//! written into a [`Bounded`], which refuses to grow, and the reader of C++ names, which tries what it does not
//! understand in several ways, gets only names in which it finds its way at once.

use std::fmt::{self, Display, Write};

use cpp_demangle::{DemangleOptions, ParseOptions, Symbol};

/// The name of a function, or the path of a file: the longest that a person still reads.
pub(crate) const MAX_NAME_BYTES: usize = 512;
/// The longest name of a Rust symbol that is unfolded. Reading it takes time in proportion to its length.
pub(crate) const MAX_RUST_SYMBOL_BYTES: usize = 4 * MAX_NAME_BYTES;
/// The longest name of a C++ symbol that is unfolded. Its reader starts over after what it could not read, once more at
/// each level, so the time grows with the length and doubles with some of the levels.
const MAX_CPP_SYMBOL_BYTES: usize = 512;
/// Levels of the C++ reader's recursion. Six templates within each other take as many, and no reader has to go through
/// more than some hundred attempts.
const MAX_CPP_DEPTH: u32 = 48;
/// Levels of types within types in a C++ name that is read at all.
const MAX_TYPE_DEPTH: u32 = 32;

/// Text that grows up to a limit. What exceeds it is left out, and writing it is an error, so that whoever formats
/// something endless stops.
pub(crate) struct Bounded {
    text: String,
    limit: usize,
}

impl Bounded {
    pub(crate) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit }
    }

    /// As much of what `value` prints as fits into `limit` bytes.
    pub(crate) fn of(value: impl Display, limit: usize) -> String {
        let mut out = Self::new(limit);
        // An error means that it is full.
        let _ = write!(out, "{value}");
        out.text
    }
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.limit - self.text.len();
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
        if text.len() > room { Err(fmt::Error) } else { Ok(()) }
    }
}

/// A name as it was written in Rust or C++, at most [`MAX_NAME_BYTES`] of it.
pub(crate) fn demangled(name: &str) -> String {
    let mut out = Bounded::new(MAX_NAME_BYTES);
    let unfolded = rust(name, &mut out) || cpp(name, &mut out);
    // What stands for nothing says more as it is.
    if !unfolded || out.text.is_empty() {
        out.text.clear();
        // An error means that it is full.
        let _ = out.write_str(name);
    }
    out.text
}

fn rust(name: &str, out: &mut Bounded) -> bool {
    if name.len() > MAX_RUST_SYMBOL_BYTES {
        return false;
    }
    let Ok(symbol) = rustc_demangle::try_demangle(name) else { return false };
    // Without the hash. An error means that it is full.
    let _ = write!(out, "{symbol:#}");
    true
}

fn cpp(name: &str, out: &mut Bounded) -> bool {
    if name.len() > MAX_CPP_SYMBOL_BYTES || !is_plain_cpp(name) {
        return false;
    }
    let options = ParseOptions::default().recursion_limit(MAX_CPP_DEPTH);
    let Ok(symbol) = Symbol::new_with_options(name, &options) else { return false };
    let written = symbol.structured_demangle(out, &DemangleOptions::new());
    // It fails for what the name lacks as well; then there is no telling what the text would have been.
    written.is_ok() || out.text.len() >= MAX_NAME_BYTES - char::MAX.len_utf8()
}

/// Whether a name is one of C++ that is made of names, templates and types alone. What is left out are the expressions
/// of templates, `decltype` and the like: rare in the name of a function, and what takes a reader so long.
fn is_plain_cpp(name: &str) -> bool {
    // A plain C name such as `f` is a type of C++ to its reader, so only what looks like it counts.
    let Some(rest) = name.strip_prefix("_Z") else { return false };
    let mut plain = Plain { rest: rest.as_bytes(), depth: 0, in_lambda: false };
    plain.encoding().is_some() && plain.rest.is_empty()
}

/// Reads the plain part of the scheme of the Itanium C++ ABI, each byte once. `None` is anything else.
struct Plain<'a> {
    rest: &'a [u8],
    depth: u32,
    in_lambda: bool,
}

/// What operators are called in names; conversions and literals are not among them.
const OPERATORS: &[&[u8; 2]] = &[
    b"nw", b"na", b"dl", b"da", b"ps", b"ng", b"ad", b"de", b"co", b"pl", b"mi", b"ml", b"dv", b"rm", b"an", b"or",
    b"eo", b"aS", b"pL", b"mI", b"mL", b"dV", b"rM", b"aN", b"oR", b"eO", b"ls", b"rs", b"lS", b"rS", b"eq", b"ne",
    b"lt", b"gt", b"le", b"ge", b"ss", b"nt", b"aa", b"oo", b"pp", b"mm", b"cm", b"pm", b"pt", b"cl", b"ix",
];

impl Plain<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn take(&mut self, expected: u8) -> Option<()> {
        (self.peek() == Some(expected)).then(|| self.rest = &self.rest[1..])
    }

    fn take_one_of(&mut self, expected: &[u8]) -> Option<u8> {
        let found = self.peek().filter(|byte| expected.contains(byte))?;
        self.rest = &self.rest[1..];
        Some(found)
    }

    fn skip(&mut self, is: impl Fn(u8) -> bool) -> usize {
        let count = self.rest.iter().take_while(|byte| is(**byte)).count();
        self.rest = &self.rest[count..];
        count
    }

    /// A name and the types of its parameters.
    fn encoding(&mut self) -> Option<()> {
        self.name()?;
        while !matches!(self.peek(), None | Some(b'E')) {
            self.item()?;
        }
        Some(())
    }

    fn name(&mut self) -> Option<()> {
        match self.peek()? {
            b'N' => self.nested(),
            b'Z' => self.local(),
            b'S' if self.rest.get(1) != Some(&b't') => {
                self.substitution()?;
                self.arguments()
            }
            _ => {
                if self.rest.starts_with(b"St") {
                    self.rest = &self.rest[2..];
                }
                self.unqualified()?;
                if self.peek() == Some(b'I') { self.arguments() } else { Some(()) }
            }
        }
    }

    fn nested(&mut self) -> Option<()> {
        #[derive(PartialEq)]
        enum Last {
            Nothing,
            Borrowed,
            Name,
            Arguments,
        }
        self.take(b'N')?;
        self.skip(|byte| b"rVK".contains(&byte));
        let _ = self.take_one_of(b"RO");
        let mut last = Last::Nothing;
        loop {
            last = match (self.peek()?, last) {
                (b'E', Last::Name | Last::Arguments) => return self.take(b'E'),
                (b'S', Last::Nothing) => {
                    self.substitution()?;
                    Last::Borrowed
                }
                (b'T', Last::Nothing) => {
                    self.parameter()?;
                    Last::Borrowed
                }
                (b'I', Last::Name | Last::Borrowed) => {
                    self.arguments()?;
                    Last::Arguments
                }
                (b'S' | b'T' | b'I' | b'E', _) => return None,
                _ => {
                    self.unqualified()?;
                    Last::Name
                }
            };
        }
    }

    /// Something within a function.
    fn local(&mut self) -> Option<()> {
        self.take(b'Z')?;
        self.deeper(Self::encoding)?;
        self.take(b'E')?;
        if self.take(b's').is_none() {
            self.name()?;
        }
        if self.take(b'_').is_some() && self.skip(|byte| byte.is_ascii_digit()) == 0 {
            return None;
        }
        Some(())
    }

    fn unqualified(&mut self) -> Option<()> {
        match self.peek()? {
            b'0'..=b'9' => self.identifier()?,
            b'L' => {
                self.take(b'L')?;
                self.identifier()?;
            }
            b'C' => {
                self.take(b'C')?;
                self.take_one_of(b"123")?;
            }
            b'D' => {
                self.take(b'D')?;
                self.take_one_of(b"012")?;
            }
            b'U' => self.lambda()?,
            _ => {
                OPERATORS.iter().find(|operator| self.rest.starts_with(**operator))?;
                self.rest = &self.rest[2..];
            }
        }
        while self.take(b'B').is_some() {
            self.identifier()?;
        }
        Some(())
    }

    fn identifier(&mut self) -> Option<()> {
        let digits = self.rest;
        let count = self.skip(|byte| byte.is_ascii_digit());
        let length: usize = std::str::from_utf8(&digits[..count]).ok()?.parse().ok()?;
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    /// A lambda. Not one whose parameters have lambdas, nor one with arguments of a template: those are read twice.
    fn lambda(&mut self) -> Option<()> {
        self.take(b'U')?;
        self.take(b'l')?;
        if std::mem::replace(&mut self.in_lambda, true) {
            return None;
        }
        while self.peek() != Some(b'E') {
            self.item()?;
        }
        self.in_lambda = false;
        self.take(b'E')?;
        self.skip(|byte| byte.is_ascii_digit());
        self.take(b'_')?;
        (self.peek() != Some(b'I')).then_some(())
    }

    /// The arguments of a template: types, numbers, and packs of these.
    fn arguments(&mut self) -> Option<()> {
        self.take(b'I')?;
        loop {
            match self.peek()? {
                b'J' => {
                    self.take(b'J')?;
                    while self.peek() != Some(b'E') {
                        self.argument()?;
                    }
                    self.take(b'E')?;
                }
                _ => self.argument()?,
            }
            if self.take(b'E').is_some() {
                return Some(());
            }
        }
    }

    fn argument(&mut self) -> Option<()> {
        if self.take(b'L').is_none() {
            return self.item();
        }
        self.take_one_of(b"bcahstijlmxyno")?;
        let _ = self.take(b'n');
        if self.skip(|byte| byte.is_ascii_digit()) == 0 {
            return None;
        }
        self.take(b'E')
    }

    /// A type.
    fn item(&mut self) -> Option<()> {
        self.skip(|byte| b"rVKPRO".contains(&byte));
        match self.peek()? {
            b'F' => {
                self.take(b'F')?;
                while self.peek() != Some(b'E') {
                    self.deeper(Self::item)?;
                }
                self.take(b'E')
            }
            b'A' => {
                self.take(b'A')?;
                if self.skip(|byte| byte.is_ascii_digit()) == 0 {
                    return None;
                }
                self.take(b'_')?;
                self.deeper(Self::item)
            }
            b'M' => {
                self.take(b'M')?;
                self.deeper(Self::item)?;
                self.deeper(Self::item)
            }
            b'D' => {
                self.take(b'D')?;
                match self.take_one_of(b"pnacdefhisu")? {
                    b'p' => self.deeper(Self::item),
                    _ => Some(()),
                }
            }
            b'T' => {
                self.parameter()?;
                if self.peek() == Some(b'I') { self.deeper(Self::arguments) } else { Some(()) }
            }
            b'S' if self.rest.get(1) != Some(&b't') => {
                self.substitution()?;
                if self.peek() == Some(b'I') { self.deeper(Self::arguments) } else { Some(()) }
            }
            b'N' | b'S' | b'U' | b'Z' | b'0'..=b'9' => self.deeper(Self::name),
            _ => self.take_one_of(b"vwbcahstijlmxynofdegz").map(drop),
        }
    }

    /// What was named before: `St`, `Ss`, `S_`, `S1A_`.
    fn substitution(&mut self) -> Option<()> {
        self.take(b'S')?;
        if self.take_one_of(b"tabsiod").is_some() {
            return Some(());
        }
        self.skip(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        self.take(b'_')
    }

    /// A parameter of a template: `T_`, `T1_`.
    fn parameter(&mut self) -> Option<()> {
        self.take(b'T')?;
        self.skip(|byte| byte.is_ascii_digit());
        self.take(b'_')
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<()>) -> Option<()> {
        if self.depth == MAX_TYPE_DEPTH {
            return None;
        }
        self.depth += 1;
        read(self)?;
        self.depth -= 1;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1,119 bytes that stand for 60 times as much at each of six levels.
    fn doubling(levels: u32, width: usize) -> String {
        let mut name = "_Z1fSt5tupleIiE".to_owned();
        for level in 0..levels {
            let number = char::from_digit(level, 36).unwrap().to_ascii_uppercase();
            name += &format!("S_I{}E", format!("S{number}_").repeat(width));
        }
        name
    }

    #[test]
    fn names_are_as_their_authors_know_them() {
        for (name, expected) in [
            ("_ZN5crash4pick17h0123456789abcdefE", "crash::pick"),
            ("_RNvC5crash4pick", "crash::pick"),
            ("_ZN5crash4pickEj", "crash::pick(unsigned int)"),
            ("_ZL4pickPKc", "pick(char const*)"),
            ("_ZNK3Box3getEv", "Box::get() const"),
            ("_ZN3BoxC2ERKS_", "Box::Box(Box const&)"),
            ("_ZN3BoxaSEOS_", "Box::operator=(Box&&)"),
            ("_ZSt4sortIPiEvT_S1_", "void std::sort<int*>(int*, int*)"),
            ("_ZN1aI1bI1cI1diELi3EEE1fEPFviE", "a<b<c<d, int>, 3> >::f(void (*)(int))"),
            ("_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()(int) const"),
            ("_ZN3Box3getB5cxx11Ev", "Box::get[abi:cxx11]()"),
            ("main.(*crash).Execute", "main.(*crash).Execute"),
            ("$s5crash4pickyySiF", "$s5crash4pickyySiF"),
            ("_D5crash4pickFiZv", "_D5crash4pickFiZv"),
            ("f", "f"),
            ("", ""),
        ] {
            assert_eq!(demangled(name), expected, "{name}");
        }
        assert!(demangled("_Z3addIJidcEEvDpT_").starts_with("void add<int, double, char>("));
    }

    #[test]
    fn a_name_that_stands_for_gigabytes_is_cut_while_it_is_written() {
        for name in [doubling(6, 60), doubling(9, 12), doubling(4, 20)] {
            let text = demangled(&name);
            assert!(text.len() <= MAX_NAME_BYTES, "{}", text.len());
        }
        assert!(demangled(&doubling(4, 20)).starts_with("f(std::tuple<int>, "));
        // The same in Rust's scheme, where `B` leads back: a tuple of six tuples of six tuples..
        let mut rust = "_RINvC1a1f".to_owned();
        let mut at = "NvC1a1f".len() + 1;
        rust += "TjjjjjjE";
        for _ in 0..60 {
            let back = base_62(at);
            at = rust.len() - 2;
            rust += &format!("T{}E", format!("B{back}").repeat(6));
        }
        rust += "E";
        let text = demangled(&rust);
        assert!(text.starts_with("a::f::<(usize, usize"), "{text}");
        assert_eq!(text.len(), MAX_NAME_BYTES);
    }

    /// A number as names of Rust have it: one less in base 62, and `_`.
    fn base_62(number: usize) -> String {
        const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut rest = number - 1;
        let mut digits = vec![b'_', DIGITS[rest % 62]];
        while rest >= 62 {
            rest /= 62;
            digits.push(DIGITS[rest % 62]);
        }
        digits.reverse();
        String::from_utf8(digits).unwrap()
    }

    #[test]
    fn names_that_take_their_reader_long_are_left_as_they_are() {
        for name in [
            // An expression, a conversion, a type of an expression, lambdas in lambdas, an unresolved name.
            "_Z1fIXplLi1ELi2EEEvv".to_owned(),
            "_ZN1AcvT_IiEEv".to_owned(),
            "_Z1fIiEDTplfp_fp_ET_".to_owned(),
            format!("_Z1f{}i", "Ul".repeat(13)),
            format!("_Z1f{}", "S_".repeat(50_000)),
            format!("_Z1f{}i", "P".repeat(100_000)),
            format!("_Z{}", "Z".repeat(500)),
            format!("_Z1f{}", "F".repeat(500)),
            format!("_Z{}", "1fI".repeat(150)),
            "_Z99999999999999999999999f".to_owned(),
            "_ZNE".to_owned(),
            "_Z".to_owned(),
        ] {
            assert!(!is_plain_cpp(&name) || name.len() > MAX_CPP_SYMBOL_BYTES, "{name}");
            let text = demangled(&name);
            assert!(name.starts_with(&text) && text.len() == name.len().min(MAX_NAME_BYTES), "{text}");
        }
    }

    #[test]
    fn what_is_cut_is_cut_between_characters() {
        assert_eq!(Bounded::of("größe", 3), "gr");
        assert_eq!(Bounded::of("größe", 4), "grö");
        assert_eq!(Bounded::of(format_args!("{}{}", "ab", "cd"), 3), "abc");
        assert_eq!(Bounded::of("", 0), "");
    }

    #[test]
    fn no_name_makes_its_reader_panic() {
        let pieces = [
            "_Z",
            "_R",
            "N",
            "E",
            "I",
            "S_",
            "S0_",
            "St",
            "T_",
            "1f",
            "3foo",
            "i",
            "P",
            "K",
            "F",
            "A9_",
            "M",
            "Dp",
            "J",
            "Li3E",
            "Z",
            "s",
            "Ul",
            "_",
            "C1",
            "D2",
            "B1x",
            "17h0123456789abcdef",
            "B_",
            "NvC1a1f",
            "X",
            "cv",
            "é",
            ".",
        ];
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |end: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % end as u64).unwrap()
        };
        let mut unfolded = 0;
        for round in 0..50_000 {
            let mut name = ["_Z", "_ZN", "_R", "_ZZ"][round % 4].to_owned();
            for _ in 0..below(40) {
                name += pieces[below(pieces.len())];
            }
            let text = demangled(&name);
            assert!(text.len() <= MAX_NAME_BYTES);
            unfolded += usize::from(text != name);
        }
        assert!(unfolded > 50, "{unfolded}");
    }
}
