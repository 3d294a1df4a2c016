//! `airssys:ext-filesystem`, as the fake host gives it: real files below its folder. Where a path leads is found as a host
//! finds it, see [`place`].

pub mod directories;
mod errors;
pub mod files;
mod open;
pub mod paths;
mod permission;
mod place;
