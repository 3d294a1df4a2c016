//! What counts as an import of a file, on small crates.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::graph::{Circle, circles};
use super::modules::Crate;

/// The files of a crate with their texts; the first is the one in which it begins.
fn found(files: &[(&str, &str)]) -> Vec<Circle> {
    let texts: BTreeMap<PathBuf, &str> =
        files.iter().map(|(name, text)| (Path::new("src").join(name), *text)).collect();
    let read = |file: &Path| texts.get(file).map(|text| (*text).to_owned());
    let known = Crate::load(&Path::new("src").join(files[0].0), &read).unwrap();
    assert_eq!(known.files.len(), files.len(), "every file is a module");
    circles(&known, Path::new("src"))
}

/// Whether `a.rs` is found to import `b.rs`, which imports it: only then there is a circle of the two.
fn imports(a: &str) -> bool {
    imports_in("mod a; mod b;", a, "pub struct B; pub fn make() {} pub enum E { One } use crate::a::A;")
}

fn imports_in(lib: &str, a: &str, b: &str) -> bool {
    let a = format!("pub struct A; {a}");
    match found(&[("lib.rs", lib), ("a.rs", &a), ("b.rs", b)]).as_slice() {
        [] => false,
        [circle] => circle.files == ["a.rs", "b.rs"],
        more => panic!("{more:?}"),
    }
}

#[test]
fn files_that_import_nothing_of_each_other_are_no_circle() {
    assert!(!imports(""));
    assert!(!imports("use std::fmt; use other_crate::b::B; fn f() -> fmt::Result { ::b::make(); Ok(()) }"));
}

#[test]
fn every_form_of_an_import_counts() {
    for import in [
        "use crate::b::B;",
        "use super::b::B;",
        "use crate::b;",
        "use crate::b::*;",
        "use crate::b::{B, make as m};",
        "use crate::{b::{self}};",
        "use crate::b::E::One;",
        "pub(crate) use crate::b::make;",
        "fn f() { use crate::b::make; }",
        "mod inner { use super::super::b::B; }",
        "#[cfg(not(test))] use crate::b::B;",
    ] {
        assert!(imports(import), "{import}");
    }
}

#[test]
fn every_place_of_a_path_counts() {
    for path in [
        "fn f(b: crate::b::B) {}",
        "struct S { b: Vec<super::b::B> }",
        "impl From<crate::b::B> for A { fn from(_: crate::b::B) -> A { A } }",
        "fn f() { crate::b::make(); }",
        "fn f(x: u8) { match x { 0 => { let _ = crate::b::E::One; } _ => {} } }",
        "const SIZE: usize = size_of::<crate::b::B>();",
        "#[derive(Serialize)] struct S(#[serde(with = \"crate::b::make\")] u8);",
        "#[error(\"{}\", crate::b::make())] struct S;",
    ] {
        assert!(imports(path), "{path}");
    }
}

#[test]
fn paths_in_macros_count() {
    for path in [
        "fn f() { println!(\"{:?}\", crate::b::make()); }",
        "fn f() { vec![vec![super::b::make()]]; }",
        "some_macro! { use crate::b::{B, E}; }",
        "macro_rules! m { () => { $crate::b::make() } }",
    ] {
        assert!(imports(path), "{path}");
    }
    for text in [
        "fn f(x: X) { m!(x.b::<u8>(), \"crate::b::make\", ::b::make(), other::b::make()); }",
        "macro_rules! m { () => { super::b::make() } }",
        "/// [`make`](crate::b::make)\nfn f() {}",
    ] {
        assert!(!imports(text), "{text}");
    }
}

#[test]
fn tests_may_import_what_they_like() {
    for test in [
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(all(test, unix))] fn f() { crate::b::make(); }",
        "impl A { #[cfg(test)] fn f() { crate::b::make(); } }",
        "#[test] fn f() { crate::b::make(); }",
    ] {
        assert!(!imports(test), "{test}");
    }
}

#[test]
fn an_import_by_the_root_is_one_of_the_file_that_defines_it() {
    let b = "pub struct B; use crate::a::A;";
    for lib in ["mod a; mod b; pub use b::B;", "mod a; mod b; pub use crate::b as c; pub use c::B;"] {
        assert!(imports_in(lib, "use crate::B;", b), "{lib}");
        assert!(imports_in(lib, "fn f(_: crate::B) {}", b), "{lib}");
    }
    // The root names both and is part of no circle, as long as nothing that it defines itself is used.
    assert!(!imports_in("mod a; mod b; pub use a::A; pub use b::B;", "", "pub struct B; use crate::A;"));
    let own = [("lib.rs", "mod a; pub use a::A; pub struct Own;"), ("a.rs", "pub struct A(crate::Own);")];
    assert_eq!(found(&own).len(), 1);
}

#[test]
fn a_path_goes_on_through_an_import_of_its_own_file() {
    let files = [
        ("lib.rs", "mod a; mod b; mod names;"),
        ("a.rs", "use crate::names; pub struct A; fn f() { names::make(); }"),
        ("b.rs", "pub fn make() {} use crate::a::A;"),
        ("names.rs", "pub use crate::b::make;"),
    ];
    let [circle] = found(&files).try_into().unwrap();
    let through_names = ("a.rs".to_owned(), "b.rs".to_owned(), "names::make".to_owned());
    assert!(circle.ties.contains(&through_names), "{circle}");
}

#[test]
fn an_import_that_leads_to_itself_leads_nowhere() {
    for endless in ["use tool::tool; fn f() { tool::run(); }", "use x::y; use y::x; use self::z as z; fn f(_: x::Z) {}"]
    {
        assert!(!imports(endless), "{endless}");
    }
}

#[test]
fn a_name_of_a_glob_is_where_the_glob_has_it_from() {
    let b = "pub struct B; use crate::a::A;";
    assert!(imports_in("mod a; mod b; mod all { pub use crate::b::*; }", "fn f(_: crate::all::B) {}", b));
    let through_the_root = [("lib.rs", "mod a; pub use a::*;"), ("a.rs", "use super::*;")];
    assert_eq!(found(&through_the_root).len(), 1, "the glob of a module is an import of that module");
}

#[test]
fn a_name_that_a_macro_makes_belongs_to_the_module_that_calls_the_macro() {
    assert!(imports_in("mod a; mod b;", "use crate::b::Made;", "make_types! { Made } use crate::a::A;"));
}

#[test]
fn macros_are_in_the_file_that_defines_them() {
    let exported = "macro_rules! m { () => {} } pub(crate) use m; use crate::a::A;";
    assert!(imports_in("mod a; mod b;", "use crate::b::m; m!();", exported));
    let for_all = "#[macro_export] macro_rules! m { () => {} } use crate::a::A;";
    assert!(imports_in("mod a; mod b;", "fn f() { crate::m!(); }", for_all));
    let of_the_root = [("lib.rs", "macro_rules! m { () => {} } mod a; use a::A;"), ("a.rs", "pub struct A; m!();")];
    assert_eq!(found(&of_the_root).len(), 1, "a macro that is known without an import");
}

#[test]
fn declaring_a_module_imports_nothing_and_naming_it_does() {
    let parent = "pub mod child; pub struct P;";
    assert_eq!(found(&[("lib.rs", parent), ("child.rs", "use super::P;")]), []);
    for using in ["fn f() { child::make(); }", "pub use child::make;", "fn f() { m!(child::make()); }"] {
        let parent = format!("{parent} {using}");
        let circle = found(&[("lib.rs", &parent), ("child.rs", "use super::P; pub fn make() {}")]);
        assert_eq!(circle.len(), 1, "{using}");
    }
    // A name alone may be a variable.
    let variable = format!("{parent} fn f(child: u8) -> u8 {{ child }}");
    assert_eq!(found(&[("lib.rs", &variable), ("child.rs", "use super::P;")]), []);
}

#[test]
fn modules_are_found_where_the_compiler_finds_them() {
    let files = [
        ("main.rs", "mod a; mod b; #[path = \"else/where.rs\"] mod c; mod inline { pub mod d; }"),
        ("a/mod.rs", "mod e; use crate::b::B;"),
        ("a/e.rs", ""),
        ("b.rs", "pub mod f; pub struct B; use crate::c::C;"),
        ("b/f.rs", ""),
        ("else/where.rs", "mod g; pub struct C; use crate::inline::d::D;"),
        ("else/g.rs", ""),
        ("inline/d.rs", "pub struct D; use crate::a::A;"),
    ];
    let [circle] = found(&files).try_into().unwrap();
    assert_eq!(circle.files, ["a/mod.rs", "b.rs", "else/where.rs", "inline/d.rs"]);
}

#[test]
fn a_circle_is_told_with_the_paths_that_tie_it() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "pub struct B; fn f() { super::c::make(); }"),
        ("c.rs", "pub fn make(_: crate::a::A) {} use crate::d::D;"),
        ("d.rs", "pub struct D;"),
    ];
    let [circle] = found(&files).try_into().unwrap();
    assert_eq!(
        circle.to_string(),
        "3 files\n    a.rs -> b.rs by crate::b::B\n    b.rs -> c.rs by super::c::make\n    c.rs -> a.rs by crate::a::A"
    );
}
