//! Somebody who counts what was saved, after it reached the disk.

use std::{fmt, sync::Arc};

use crate::ports::store::{Told, Turn};

/// What a witness sees. It is already on the disk.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// A turn was saved.
    Saved(&'a Turn),
    /// What became of a try to say a message.
    Said(&'a Told),
    /// What became of a try to draw a card.
    Drawn(&'a Told),
}

/// Sees what was saved. It must be quick: whoever saved waits for it.
#[derive(Clone)]
pub struct Witness(Arc<dyn Fn(Seen<'_>) + Send + Sync>);

impl Witness {
    /// Calls `sink` for everything that was saved.
    pub fn new(sink: impl Fn(Seen<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    pub(super) fn see(&self, seen: Seen<'_>) {
        (self.0)(seen);
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a witness")
    }
}
