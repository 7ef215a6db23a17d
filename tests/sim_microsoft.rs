//! The simulated Microsoft tenant, asked over HTTP as a client asks the real one.

#[path = "sim_microsoft/batches.rs"]
mod batches;
#[path = "sim_microsoft/faults.rs"]
mod faults;
#[path = "sim_microsoft/mail.rs"]
mod mail;
#[path = "sim_microsoft/queries.rs"]
mod queries;
#[path = "sim_microsoft/record.rs"]
mod record;
#[path = "sim_microsoft/support.rs"]
mod support;
#[path = "sim_microsoft/tokens.rs"]
mod tokens;
#[path = "sim_microsoft/writes.rs"]
mod writes;
