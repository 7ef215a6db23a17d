//! Joiners, leavers, movers and contractors: processes made of the catalogue's other actions.
//! One file per action id.
//!
//! - [`offboard_user`] with [`leaver`], its rules of order
//! - [`onboard_user`] with [`names`], free sign-in names; [`transfer_user`]
//! - [`set_up_contractor`], a joiner with an end, and [`extend_contract`], another end
//! - [`process`] several actions planned together, in stages
//! - [`back`]    what takes a finished process back, step by step
//!
//! A process plans nothing itself: each piece is planned by its own action's file, so it is
//! shown, permitted, signed and undone as if it had been asked for alone.
//!
//! Not here: how a change is made; that is an adapter's work.

mod back;
pub mod extend_contract;
mod leaver;
mod names;
pub mod offboard_user;
pub mod onboard_user;
mod process;
pub mod set_up_contractor;
pub mod transfer_user;
