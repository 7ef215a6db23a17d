//! What is told of one person, whatever the grammar: "Ada Park, Buyer, Sales, Leeds, under Bo Ek,
//! from 1 June, E3". A message is cut into pieces, each about somebody; each piece is looked
//! through for what a profile holds.
//!
//! - [`facts`]    the words about somebody → post, department, office, manager, days, licences, groups
//! - [`marks`]    where one thing that is said ends and the next begins
//! - [`strangers`] who is told of and nobody knows yet
//! - [`pieces`]   which words are about whom, and which are about all
//! - [`said`]     the words for it
//! - [`held`]     nothing is wanted of it, or not yet
//! - [`mod@departures`] several who leave → proposals
//! - [`mod@arrivals`] those who start → proposals; rows of a table, and the words around it
//!
//! Not here: events told by a verb ("Ada leaves on Friday"); those are [`super::lifecycle`].

mod arrivals;
mod departures;
mod facts;
mod held;
mod managers;
mod marks;
mod pieces;
mod posts;
mod said;
mod strangers;

pub(super) use arrivals::{around, arrivals, moved};
pub(super) use departures::departures;
