//! Everything that an action may look at: all the reading ports in one.

use crate::ports::directory::Directory;

/// What planning may look at. Cannot change anything. A reading port joins by its name
/// here, in both places.
pub trait World: Directory {}

impl<T: Directory> World for T {}
