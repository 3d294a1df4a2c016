//! A host with an interface of its own: components ask SQLite databases, each table with a permission of its own.
//!
//! ```toml
//! [permissions]
//! "acme:database" = [{ action = "query", database = "orders", table = "customers" }]
//! ```

mod bindings;
mod query;

use std::path::PathBuf;

use airssys_wasm::HostInterface;
use airssys_wasm::engine_types::{Guest, HasSelf, Linker, Result};
use airssys_wasm::host_interface::InterfaceScope;
use airssys_wasm::policy::{Denial, FieldDescription, InterfaceDescription, InterfaceName};

use crate::bindings::acme::database::client::{self, Failure, Value};

/// Databases in one folder: `orders` is the file `orders.db`.
pub struct Database {
    folder: PathBuf,
}

impl Database {
    /// The databases of this folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl HostInterface for Database {
    type State = Client;

    fn imports(&self) -> Vec<InterfaceName> {
        vec!["acme:database/client@0.1.0".parse().expect("the name of an interface")]
    }

    fn describe(&self) -> InterfaceDescription {
        let fields = || [FieldDescription::name("database"), FieldDescription::name("table")];
        let package = "acme:database".parse().expect("the name of a package");
        InterfaceDescription::of(package).action("query", fields()).action("change", fields())
    }

    fn link(linker: &mut Linker<Guest>) -> Result<()> {
        client::add_to_linker::<Guest, HasSelf<Client>>(linker, Guest::interface::<Self>)
    }

    fn start(&self, scope: InterfaceScope) -> Client {
        Client { scope, folder: self.folder.clone() }
    }
}

/// What one instance of a component has of the databases.
pub struct Client {
    scope: InterfaceScope,
    folder: PathBuf,
}

impl client::Host for Client {
    async fn query(
        &mut self,
        database: String,
        sql: String,
        parameters: Vec<Value>,
    ) -> Result<std::result::Result<Vec<Vec<Value>>, Failure>> {
        let asking = self.scope.asking("acme:database/client.query");
        // The name becomes that of a file. One that could lead elsewhere is the name of no database, and nobody's to read.
        if !query::is_plain(&database) {
            let refused = asking.authorize("query", [("database", database.as_str()), ("table", "")]);
            let failure = refused.map_or_else(Failure::from, |_| Failure::InvalidSql("no such database".to_owned()));
            return Ok(Err(failure));
        }
        let file = self.folder.join(format!("{database}.db"));
        let work = self.scope.blocking(move |deadline| {
            // SQLite asks while it compiles the statement, for each table and column; the answer is the gate's.
            let may = {
                let (asking, database) = (asking.clone(), database.clone());
                move |action: &str, table: &str| {
                    asking.authorize(action, [("database", database.as_str()), ("table", table)]).is_ok()
                }
            };
            asking.or_refusal(query::run(&file, &sql, &parameters, deadline.clone(), may))
        });
        work.await
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        Self::PermissionDenied(denial.into())
    }
}
