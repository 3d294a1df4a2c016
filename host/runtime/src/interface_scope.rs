//! What an interface of the embedder's own has of the component that calls it.

use std::sync::{Arc, Mutex, MutexGuard};

use airssys_wasm_policy::{
    Access, ComponentId, Denial, FieldKind, Gate, InterfaceDescription, InterfaceField, Operation, Permit,
};
use tokio::sync::Semaphore;
use wasmtime::component::ResourceTable;

use crate::background::{Wanted, in_place};
use crate::capability::host_services::log::Log;
use crate::capability::host_services::recent_output::RecentOutput;
use crate::capability::host_services::record::LogLevel;
use crate::host_state::{Capabilities, Observations};
use crate::locked::locked;

/// Handles that an interface of the embedder's own may have in one instance.
const MAX_INTERFACE_HANDLES: usize = 1024;

/// The value of a field, in bytes, as long as a path may be. No pattern covers a longer one, which is cut before it is
/// copied: it is the guest's, and may have a hundred megabytes.
const MAX_VALUE_BYTES: usize = 4096;

/// What an interface of the embedder's own has of the instance that calls it. Clones mean the same.
#[derive(Clone)]
pub struct InterfaceScope {
    description: Arc<InterfaceDescription>,
    gate: Gate,
    blocking: Arc<Semaphore>,
    log: Arc<Log>,
    recent_output: Arc<RecentOutput>,
}

/// Whether the call for which some work is done is over. Work that takes its time asks now and then, and gives up.
#[derive(Debug, Clone)]
pub struct Deadline(Wanted);

impl Deadline {
    /// Whether nobody waits for the result any more.
    pub fn is_over(&self) -> bool {
        !self.0.still()
    }
}

impl InterfaceScope {
    pub(crate) fn new(
        description: Arc<InterfaceDescription>,
        capabilities: &Capabilities,
        observations: &Observations,
    ) -> Self {
        Self {
            description,
            gate: capabilities.gate.clone(),
            blocking: Arc::clone(&capabilities.blocking),
            log: Arc::clone(&observations.log),
            recent_output: Arc::clone(&observations.recent_output),
        }
    }

    /// The component, by the id that it runs under.
    pub fn component(&self) -> &ComponentId {
        self.gate.component()
    }

    /// A call of one function, which asks for what it needs: `acme:database/client.query`.
    pub fn asking(&self, operation: &'static str) -> Asking {
        Asking { scope: self.clone(), operation: Operation(operation), refusal: Arc::default() }
    }

    /// Room for handles: 1,024 at most.
    pub fn resources(&self) -> ResourceTable {
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_INTERFACE_HANDLES);
        table
    }

    /// Writes into the log of the component, which is bounded as the component's own records are.
    pub fn log(&self, level: LogLevel, message: impl Into<String>, fields: Vec<(String, String)>) {
        self.log.write(&self.recent_output, level, message.into(), fields);
    }

    /// Does work that may block, or takes longer than 10 ms, away from the executor's threads. A component has four places
    /// for such work, which it shares with its files; more waits. When the call is over before the work, the result is
    /// dropped, and the [`Deadline`] says so to the work.
    ///
    /// # Errors
    ///
    /// That the work panicked, which ends the call as a failure of the host.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Deadline) -> T + Send + 'static,
    ) -> wasmtime::Result<T> {
        let (places, action) = (Arc::clone(&self.blocking), format!("use {}", self.description.package));
        Ok(in_place(places, action, |wanted| work(&Deadline(wanted.clone()))).await?)
    }
}

/// One call of a function, at the gate. Clones mean the same call.
#[derive(Clone)]
pub struct Asking {
    scope: InterfaceScope,
    operation: Operation,
    refusal: Arc<Mutex<Option<Denial>>>,
}

impl Asking {
    /// Asks whether the component may do something, and records the decision. The fields are those that
    /// [`HostInterface::describe`](crate::HostInterface::describe) has for the action.
    ///
    /// # Errors
    ///
    /// The denial, with the line of Component.toml that would allow it. An action or a field that was not described is
    /// denied to everybody.
    pub fn authorize<'a>(
        &self,
        action: &str,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Permit, Denial> {
        let described = self.scope.description.actions.iter().find(|described| described.name == action);
        let kind = |name: &str| {
            let field = described.and_then(|action| action.fields.iter().find(|field| field.name == name));
            field.map_or(FieldKind::Name, |field| field.kind)
        };
        let fields = fields.into_iter().map(|(name, value)| {
            let value = value[..value.ceil_char_boundary(MAX_VALUE_BYTES + 1)].to_owned();
            InterfaceField { name: name.to_owned(), kind: kind(name), value }
        });
        let access = Access::Interface {
            package: self.scope.description.package.to_string(),
            action: action.to_owned(),
            fields: fields.collect(),
        };
        let decision = self.scope.gate.authorize(self.operation, access);
        if let Err(denial) = &decision {
            self.refusal().get_or_insert_with(|| denial.clone());
        }
        decision
    }

    /// Puts the first refusal of this call in the place of its result: libraries that are told no say so in words of their
    /// own.
    ///
    /// # Errors
    ///
    /// The refusal, else the error of the result.
    pub fn or_refusal<T, E: From<Denial>>(&self, result: Result<T, E>) -> Result<T, E> {
        match self.refusal().take() {
            Some(denial) => Err(denial.into()),
            None => result,
        }
    }

    fn refusal(&self) -> MutexGuard<'_, Option<Denial>> {
        locked(&self.refusal)
    }
}

#[cfg(test)]
mod tests {
    use airssys_wasm_policy::{FieldDescription, Permissions};

    use super::*;
    use crate::capability::audit::TracingAudit;

    const ALL: &str = r#""acme:database" = [{ action = "query", table = "*" }]"#;

    /// A call of a component that declares and is granted these permissions.
    fn asking(permissions: &str) -> Asking {
        let permissions = Permissions::parse(permissions, "test").unwrap();
        let id: ComponentId = "acme/test@1.0.0".parse().unwrap();
        let scope = InterfaceScope {
            description: Arc::new(
                InterfaceDescription::of("acme:database".parse().unwrap())
                    .action("query", [FieldDescription::name("table")]),
            ),
            gate: Gate::new(id.clone(), permissions.clone(), permissions, Arc::new(TracingAudit)),
            blocking: Arc::new(Semaphore::new(1)),
            log: Arc::new(Log::new(id, Arc::default(), None)),
            recent_output: Arc::default(),
        };
        scope.asking("acme:database/client.query")
    }

    #[test]
    fn what_is_permitted_is_an_action_on_its_fields() {
        assert!(asking(ALL).authorize("query", [("table", "customers")]).is_ok());
        for (action, field) in [("change", "table"), ("query", "column")] {
            assert!(asking(ALL).authorize(action, [(field, "customers")]).is_err(), "{action} {field}");
        }
        let denial = asking("").authorize("query", [("table", "customers")]).unwrap_err();
        assert_eq!(denial.missing, r#""acme:database" = [{ action = "query", table = "customers" }]"#);
    }

    #[test]
    fn a_value_of_any_length_is_refused_without_being_copied() {
        let long = "ä".repeat(16 << 20);
        let denial = asking(ALL).authorize("query", [("table", long.as_str())]).unwrap_err();
        assert!(denial.missing.is_empty() && denial.resource.len() < 2 * MAX_VALUE_BYTES, "{}", denial.resource.len());
    }

    #[test]
    fn the_first_refusal_of_a_call_stands_in_the_place_of_its_result() {
        let asking = asking("");
        asking.authorize("query", [("table", "a")]).unwrap_err();
        asking.authorize("query", [("table", "b")]).unwrap_err();
        let refused = asking.or_refusal(Ok::<_, Denial>(())).unwrap_err();
        assert_eq!(refused.resource, "table=a");
        assert!(asking.or_refusal(Ok::<_, Denial>(())).is_ok(), "once");
    }

    #[tokio::test]
    async fn work_whose_call_is_over_hears_of_it() {
        let scope = asking("").scope;
        assert!(!scope.blocking(Deadline::is_over).await.unwrap());
        let (tell, told) = tokio::sync::oneshot::channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let work = tokio::spawn(async move {
            let work = scope.blocking(move |deadline| {
                begun.send(()).unwrap();
                while !deadline.is_over() {
                    std::thread::yield_now();
                }
                tell.send(()).unwrap();
            });
            work.await
        });
        begins.await.unwrap();
        work.abort();
        told.await.unwrap();
    }
}
