//! What the attribute needs of `Component.toml`. The whole file is checked by `airssys-wasm build`.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

/// The `[component]` section.
pub(crate) struct Manifest {
    pub(crate) path: String,
    namespace: String,
    name: String,
    version: String,
    description: String,
    authors: Vec<String>,
    license: Option<String>,
    operations: Vec<String>,
}

/// Reads the `Component.toml` of the crate that is being compiled.
pub(crate) fn read() -> Result<Manifest, String> {
    let folder = std::env::var("CARGO_MANIFEST_DIR").map_err(|error| format!("CARGO_MANIFEST_DIR: {error}"))?;
    let path = Path::new(&folder).join("Component.toml");
    let path = path.to_str().ok_or("the path of Component.toml is not UTF-8")?.to_owned();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{path}: {error}"))?;
    let component = table.get("component").ok_or_else(|| format!("{path}: [component] is missing"))?;
    let string = |key: &str| component.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let strings = |key: &str| -> Vec<String> {
        let list = component.get(key).and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
    };
    let required = |key: &str| string(key).ok_or_else(|| format!("{path}: component.{key} is missing"));
    let full_name = required("name")?;
    let (namespace, name) = full_name
        .split_once('/')
        .ok_or_else(|| format!("{path}: component.name is namespace/name, not {full_name:?}"))?;
    Ok(Manifest {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        version: required("version")?,
        description: string("description").unwrap_or_default(),
        authors: strings("authors"),
        license: string("license"),
        operations: strings("operations"),
        path,
    })
}

impl Manifest {
    /// Fails unless the operations listed, if any are, are those of the methods.
    pub(crate) fn check_operations(&self, methods: &[String]) -> Result<(), String> {
        if self.operations.is_empty() {
            return Ok(());
        }
        let missing = self.operations.iter().find(|name| !methods.contains(name));
        let unlisted = methods.iter().find(|name| !self.operations.contains(name));
        match (missing, unlisted) {
            (Some(name), _) => Err(format!("{}: operation {name:?} has no #[operation] method", self.path)),
            (None, Some(name)) => Err(format!("{}: component.operations lacks {name:?}", self.path)),
            (None, None) => Ok(()),
        }
    }

    /// An expression of type `ComponentMetadata`.
    pub(crate) fn metadata(&self, operations: &[String]) -> TokenStream {
        let Self { namespace, name, version, description, authors, license, .. } = self;
        let license = match license {
            Some(license) => quote!(::std::option::Option::Some(#license.to_owned())),
            None => quote!(::std::option::Option::None),
        };
        quote! {
            ::airssys_wasm_sdk::ComponentMetadata {
                id: ::airssys_wasm_sdk::ComponentId {
                    namespace: #namespace.to_owned(),
                    name: #name.to_owned(),
                    version: #version.to_owned(),
                },
                description: #description.to_owned(),
                authors: ::std::vec![#(#authors.to_owned()),*],
                license: #license,
                operations: ::std::vec![#(#operations.to_owned()),*],
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(operations: &[&str]) -> Manifest {
        Manifest {
            path: "Component.toml".to_owned(),
            namespace: "acme".to_owned(),
            name: "hello".to_owned(),
            version: "0.1.0".to_owned(),
            description: String::new(),
            authors: Vec::new(),
            license: None,
            operations: operations.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn listed_operations_are_those_of_the_methods() {
        let methods = ["greet".to_owned(), "count".to_owned()];
        assert_eq!(manifest(&["count", "greet"]).check_operations(&methods), Ok(()));
        assert_eq!(manifest(&[]).check_operations(&methods), Ok(()));
    }

    #[test]
    fn an_operation_without_a_method_and_a_method_without_an_entry_are_named() {
        let methods = ["greet".to_owned()];
        let missing = manifest(&["greet", "count"]).check_operations(&methods);
        assert_eq!(missing, Err("Component.toml: operation \"count\" has no #[operation] method".to_owned()));
        let unlisted = manifest(&["greet"]).check_operations(&["greet".to_owned(), "count".to_owned()]);
        assert_eq!(unlisted, Err("Component.toml: component.operations lacks \"count\"".to_owned()));
    }
}
