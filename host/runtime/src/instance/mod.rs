//! One running instance: its store, and the one way into it.

pub(crate) mod arguments;
pub(crate) mod budget;
pub(crate) mod entrance;
pub(crate) mod factory;
mod lifecycle;
mod moment;
pub(crate) mod operation;
mod running;
pub(crate) mod subject;
pub(crate) mod watermark;

pub(crate) use lifecycle::component_config;
pub(crate) use running::Instance;
