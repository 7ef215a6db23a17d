//! Slack's door: what is refused, what is understood, and what is said back,
//! through the real adapters and a simulated workspace.

#[path = "slack_door/circle.rs"]
mod circle;
#[path = "slack_door/client.rs"]
mod client;
#[path = "slack_door/payloads.rs"]
mod payloads;
#[path = "slack_door/signatures.rs"]
mod signatures;
#[path = "slack_door/socket.rs"]
mod socket;
#[path = "slack_door/stage.rs"]
mod stage;
