//! What the attribute needs of `Component.toml`. The whole file is checked by `airssys-wasm build`.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use crate::operation::Operation;

/// The `[component]` section.
pub(crate) struct Manifest {
    pub(crate) path: String,
    namespace: String,
    name: String,
    version: String,
    description: String,
    authors: Vec<String>,
    license: Option<String>,
    /// What the author lists; nothing if the methods are to say.
    pub(crate) operations: Vec<String>,
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
    /// An expression of type `ComponentMetadata`.
    pub(crate) fn metadata(&self, operations: &[Operation]) -> TokenStream {
        let Self { namespace, name, version, description, authors, license, .. } = self;
        let license = match license {
            Some(license) => quote!(::std::option::Option::Some(#license.to_owned())),
            None => quote!(::std::option::Option::None),
        };
        let operations = operations.iter().map(|operation| {
            let (name, condition) = (&operation.name, &operation.condition);
            quote!(#condition operations.push(#name.to_owned());)
        });
        quote! {
            let mut operations = ::std::vec::Vec::new();
            #(#operations)*
            ::airssys_wasm_sdk::ComponentMetadata {
                id: ::airssys_wasm_sdk::ComponentId {
                    namespace: #namespace.to_owned(),
                    name: #name.to_owned(),
                    version: #version.to_owned(),
                },
                description: #description.to_owned(),
                authors: ::std::vec![#(#authors.to_owned()),*],
                license: #license,
                operations,
            }
        }
    }

    /// One for tests.
    #[cfg(test)]
    pub(crate) fn example() -> Manifest {
        Manifest {
            path: "Component.toml".to_owned(),
            namespace: "acme".to_owned(),
            name: "hello".to_owned(),
            version: "0.1.0".to_owned(),
            description: String::new(),
            authors: Vec::new(),
            license: None,
            operations: Vec::new(),
        }
    }
}
