//! What somebody signed alone as an emergency is looked at afterwards by those who would
//! have signed it: one of them acknowledges it, or objects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{request::Request, trouble::Reason, users::PersonRef};

/// A signature given alone, and what was said of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Who signed.
    pub by: PersonRef,
    /// Why, in their words.
    pub why: String,
    /// What one of the others said of it; nobody has, if empty.
    #[serde(default)]
    pub review: Option<Review>,
}

/// What somebody said of a signature given alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: PersonRef,
    /// When. UTC.
    pub at: Timestamp,
    /// They object; otherwise they acknowledge it.
    pub objects: bool,
    /// Their comment.
    pub note: Option<String>,
}

impl Request {
    /// Waits for somebody to look at what was signed alone?
    pub fn open_review(&self) -> Option<&Emergency> {
        self.emergency.as_ref().filter(|emergency| emergency.review.is_none())
    }

    /// Keeps what somebody said of it, once. What was done stays as it is: undoing it is a
    /// request of its own.
    pub fn reviewed(mut self, review: Review) -> Result<Self, Reason> {
        match &mut self.emergency {
            Some(emergency) if emergency.review.is_none() => {
                emergency.review = Some(review);
                Ok(self)
            }
            Some(Emergency { review: Some(known), .. }) => {
                let (number, by) = (self.number.to_string(), format!(" by {}", known.by.name));
                Err(Reason::AlreadySettled { number, state: "reviewed".to_owned(), by })
            }
            _ => Err(Reason::NotThisCard),
        }
    }
}
