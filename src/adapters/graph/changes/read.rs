//! What is read for changes, and what was found.

use serde_json::Value;

use crate::{
    adapters::{exchange::Cmdlet, graph::permissions::Reading},
    domain::ids::TenantId,
};

/// One read that several changes may share.
#[derive(Clone)]
pub(crate) struct Read {
    pub tenant: TenantId,
    pub place: Place,
}

/// Where it is read.
#[derive(Clone)]
pub(crate) enum Place {
    /// A path under Graph's version, with its query, encoded.
    Graph {
        path: String,
        /// A listing: its pages are followed up to this many items.
        all: Option<usize>,
        /// Which right a 403 asks for.
        reading: Reading,
    },
    /// A cmdlet of Exchange that only reads.
    Exchange(Cmdlet),
}

impl Read {
    /// One object of Graph.
    pub fn one(tenant: &TenantId, path: impl Into<String>, reading: Reading) -> Self {
        let place = Place::Graph { path: path.into(), all: None, reading };
        Self { tenant: tenant.clone(), place }
    }

    /// A listing of Graph, at most `all` items of it.
    pub fn list(tenant: &TenantId, path: impl Into<String>, all: usize, reading: Reading) -> Self {
        let place = Place::Graph { path: path.into(), all: Some(all), reading };
        Self { tenant: tenant.clone(), place }
    }

    /// What a cmdlet outputs.
    pub fn cmdlet(tenant: &TenantId, cmdlet: Cmdlet) -> Self {
        Self { tenant: tenant.clone(), place: Place::Exchange(cmdlet) }
    }

    /// The same for reads that ask the same of the same tenant.
    pub fn key(&self) -> String {
        match &self.place {
            Place::Graph { path, .. } => format!("{} {path}", self.tenant),
            Place::Exchange(cmdlet) => format!("{} {}", self.tenant, cmdlet.body()),
        }
    }
}

/// What a read found.
#[derive(Debug)]
pub(crate) enum Found {
    /// 404, or the cmdlet's "couldn't be found".
    Nothing,
    /// One object.
    One(Value),
    /// The items of a listing, or a cmdlet's output.
    Many(Vec<Value>),
}

impl Found {
    /// The object; of a list, its first.
    pub fn one(&self) -> Option<&Value> {
        match self {
            Self::One(value) => Some(value),
            Self::Many(values) => values.first(),
            Self::Nothing => None,
        }
    }

    /// The items; `None` when the object they belong to is not there.
    pub fn many(&self) -> Option<&[Value]> {
        match self {
            Self::One(value) => Some(std::slice::from_ref(value)),
            Self::Many(values) => Some(values),
            Self::Nothing => None,
        }
    }
}
