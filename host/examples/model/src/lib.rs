//! A host with an interface of its own: components ask a small model, which is trained when the host starts.
//!
//! ```toml
//! [permissions]
//! "acme:model" = [{ action = "infer", model = "iris" }]
//! ```

mod bindings;
mod open;

use std::sync::Arc;

use airssys_wasm::HostInterface;
use airssys_wasm::engine_types::{Guest, HasSelf, Linker, Resource, ResourceTable, Result};
use airssys_wasm::host_interface::InterfaceScope;
use airssys_wasm::policy::{Denial, FieldDescription, InterfaceDescription, InterfaceName};
use linfa::prelude::Fit;
use linfa_logistic::MultiLogisticRegression;
use ndarray::Array2;
use tokio::sync::Semaphore;

use crate::bindings::acme::model::inference::{self, Failure};
use crate::open::{Open, Trained};

/// Questions that are answered at a time, of all components together.
const MAX_QUESTIONS: usize = 2;
/// The name of the one model.
const IRIS: &str = "iris";
/// What it was trained with: length and width of sepal and petal, in centimetres.
const FEATURES: usize = 4;

/// Models that are ready.
pub struct Models {
    iris: Arc<Trained>,
    places: Arc<Semaphore>,
}

impl Models {
    /// Trains them, which takes some milliseconds.
    ///
    /// # Errors
    ///
    /// Training did not come to an end.
    pub fn train() -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let iris = MultiLogisticRegression::default().max_iterations(200).fit(&linfa_datasets::iris())?;
        Ok(Self { iris: Arc::new(iris), places: Arc::new(Semaphore::new(MAX_QUESTIONS)) })
    }
}

impl HostInterface for Models {
    type State = Client;

    fn imports(&self) -> Vec<InterfaceName> {
        vec!["acme:model/inference@0.1.0".parse().expect("the name of an interface")]
    }

    fn describe(&self) -> InterfaceDescription {
        let package = "acme:model".parse().expect("the name of a package");
        InterfaceDescription::of(package).action("infer", [FieldDescription::name("model")])
    }

    fn link(linker: &mut Linker<Guest>) -> Result<()> {
        inference::add_to_linker::<Guest, HasSelf<Client>>(linker, Guest::interface::<Self>)
    }

    fn start(&self, scope: InterfaceScope) -> Client {
        let (iris, places) = (Arc::clone(&self.iris), Arc::clone(&self.places));
        Client { open: scope.resources(), scope, iris, places }
    }
}

/// What one instance of a component has of the models.
pub struct Client {
    scope: InterfaceScope,
    open: ResourceTable,
    iris: Arc<Trained>,
    places: Arc<Semaphore>,
}

impl inference::Host for Client {}

impl inference::HostModel for Client {
    async fn open(&mut self, name: String) -> Result<std::result::Result<Resource<Open>, Failure>> {
        let asking = self.scope.asking("acme:model/inference.model.open");
        if let Err(denial) = asking.authorize("infer", [("model", name.as_str())]) {
            return Ok(Err(denial.into()));
        }
        if name != IRIS {
            return Ok(Err(Failure::NotFound(format!("there is no model {name:?}"))));
        }
        Ok(Ok(self.open.push(Open(Arc::clone(&self.iris)))?))
    }

    async fn infer(
        &mut self,
        model: Resource<Open>,
        features: Vec<f64>,
    ) -> Result<std::result::Result<Vec<f64>, Failure>> {
        let model = Arc::clone(&self.open.get(&model)?.0);
        if features.len() != FEATURES || features.iter().any(|number| !number.is_finite()) {
            return Ok(Err(Failure::InvalidInput(format!("it takes {FEATURES} numbers"))));
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return Ok(Err(Failure::Busy)) };
        let probabilities = self.scope.blocking(move |_| {
            let _place = place;
            let question = Array2::from_shape_vec((1, FEATURES), features).expect("as many as were counted");
            model.predict_probabilities(&question).row(0).to_vec()
        });
        Ok(Ok(probabilities.await?))
    }

    async fn drop(&mut self, model: Resource<Open>) -> Result<()> {
        self.open.delete(model)?;
        Ok(())
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        Self::PermissionDenied(denial.into())
    }
}
