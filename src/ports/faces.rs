//! Draws a message in the form one platform shows.

use crate::domain::{
    chat::{Drawn, Face},
    message::Message,
};

/// Draws messages. Pure; the real one reads `cards/`.
pub trait Faces: Send + Sync {
    /// The message as this face shows it. An error is a defect of a template or a text.
    fn draw(&self, message: &Message, face: Face) -> anyhow::Result<Drawn>;

    /// Is a plan of so many steps and bytes listed on every face, whatever it says? A click
    /// on its card need not draw it to know.
    fn surely_lists(&self, steps: usize, bytes: usize) -> bool;

    /// Is a plan so long that this face counts its steps instead of listing them?
    fn counts_steps(&self, message: &Message, face: Face) -> anyhow::Result<bool>;
}
