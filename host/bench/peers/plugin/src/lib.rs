//! Gives back the bytes it is given: what is measured around it is the way in and out.

#![allow(missing_docs, reason = "the macro makes a public function without documentation")]

use extism_pdk::{FnResult, plugin_fn};

#[plugin_fn]
pub fn echo(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(input)
}
