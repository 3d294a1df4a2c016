//! The attributes that are for this crate, taken off what they stand on.

use syn::spanned::Spanned;
use syn::{Attribute, Error, Result};

/// Takes the one attribute of this name from a method.
pub(crate) fn take_attribute(attributes: &mut Vec<Attribute>, name: &str) -> Result<Option<Attribute>> {
    let (mut taken, others): (Vec<_>, Vec<_>) =
        attributes.drain(..).partition(|attribute| attribute.path().is_ident(name));
    *attributes = others;
    let first = taken.pop();
    match taken.pop() {
        Some(second) => Err(Error::new(second.span(), format!("#[{name}] stands here twice"))),
        None => Ok(first),
    }
}
