//! A language model is asked about what was left open, if there is one. Whatever comes of
//! it, or nothing in time: the message was read without it, and that reading goes on.

use crate::{
    desk::Desk,
    domain::{proposal::Understood, trouble::chain},
    interpret::model::{self, Reading},
    ports::model::Silence,
};

impl Desk {
    /// What was understood, with a model's help where there is any to be had.
    pub(super) async fn with_model(&self, reading: &Reading<'_>, read: Understood) -> Understood {
        let Some(model) = &self.model else { return read };
        let Some(asked) = model::ask(reading, &read) else { return read };
        let before = (read.proposals.len(), read.questions.len());
        match model.ask(&asked.question).await {
            Ok(answer) => {
                let both = model::combine(reading, &asked, &answer, read);
                // Counts alone: words and names stay out of the log.
                tracing::info!(
                    embedded.proposals = before.0,
                    embedded.questions = before.1,
                    model.actions = answer.actions.len(),
                    proposals = both.proposals.len(),
                    questions = both.questions.len(),
                    "A message was read with the model"
                );
                both
            }
            Err(silence) => {
                silent(&silence);
                read
            }
        }
    }
}

fn silent(silence: &Silence) {
    match silence {
        Silence::Resting | Silence::Busy => {
            tracing::debug!(why = %silence, "A message was read without the model");
        }
        other => {
            tracing::warn!(error = %chain(other), "A message was read without the model");
        }
    }
}
