//! The simulated Microsoft tenant, asked over HTTP as a client asks the real one.

#[path = "sim_microsoft/applications.rs"]
mod applications;
#[path = "sim_microsoft/batches.rs"]
mod batches;
#[path = "sim_microsoft/circles.rs"]
mod circles;
#[path = "sim_microsoft/deltas.rs"]
mod deltas;
#[path = "sim_microsoft/devices.rs"]
mod devices;
#[path = "sim_microsoft/faults.rs"]
mod faults;
#[path = "sim_microsoft/guests.rs"]
mod guests;
#[path = "sim_microsoft/mail.rs"]
mod mail;
#[path = "sim_microsoft/mailboxes.rs"]
mod mailboxes;
#[path = "sim_microsoft/methods.rs"]
mod methods;
#[path = "sim_microsoft/people.rs"]
mod people;
#[path = "sim_microsoft/policies.rs"]
mod policies;
#[path = "sim_microsoft/queries.rs"]
mod queries;
#[path = "sim_microsoft/record.rs"]
mod record;
#[path = "sim_microsoft/roles.rs"]
mod roles;
#[path = "sim_microsoft/sign_in.rs"]
mod sign_in;
#[path = "sim_microsoft/support.rs"]
mod support;
#[path = "sim_microsoft/tokens.rs"]
mod tokens;
#[path = "sim_microsoft/workbooks.rs"]
mod workbooks;
#[path = "sim_microsoft/writes.rs"]
mod writes;
