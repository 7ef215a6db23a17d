//! Conversations: what people say and press, what the cards say, what the tenant felt.
//!
//! - [`actions`]    each action, from plain words to the verified result, and its refusals
//! - [`estate`]     policies, apps, domains and requests of Graph
//! - [`groups`], [`guests`], [`roles`], [`devices`]  the actions of these areas
//! - [`mail`]       mailboxes, mail flow and holds, all the way
//! - [`asking`]     who may ask, from where, several things at once, at a time
//! - [`questions`]  what is asked back, and who may answer
//! - [`approving`]  who may sign, and what a signature does
//! - [`details`]    a plan too long for its card is shown whole before it is signed
//! - [`signing`]    rules: several signatures, the own confirmation, who is refused
//! - [`drifting`]   the world moves between the signature and the run
//! - [`rights`]     rights that are lost between the signature and the run
//! - [`running`]    stop, retry, doubt, pause, two at once, a service in trouble
//! - [`undoing`]    the way back; [`for_a_while`] what ends by itself
//! - [`attacks`], [`leaks`], [`links`], [`overload`]  what nobody may get away with; [`scanners`]
//!   who only looks at a link
//! - [`crashes`]    the process dies at every write and call; [`races`] many at the same instant
//! - [`model`]      a language model helps to read, and gets no privilege
//! - [`fresh`]      names are kept fresh by what changed
//! - [`forms`]      the same asked for by filling in
//! - [`programs`]   proposals over the API; [`mutated`] the same, changed by dice
//! - [`reads`]      what is looked up: where it appears, its pages, the record
//! - [`record`]     proofs, exports, posted heads; any edit is found
//! - [`lifecycle`], [`contractors`]  joiners, leavers, movers, and who works here for a time;
//!   [`hours`] local times that are strange
//! - [`batches`]    many people in one table, signed once; [`whole_batches`] all of it again, or undone; [`limits`] too many people at once
//! - [`attached`]   a table that comes as a file
//! - [`rehearsing`] played in a tenant that is not real
//! - [`golden`]     plans and cards of earlier versions
//! - [`reaching`]   services that cannot be reached when the house opens
//! - [`callers`]    whether it is really the person who calls; [`caller_numbers`] the same by a number
//! - [`linking`]    a Slack account becomes somebody's by a sign-in; [`step_up`] a signature takes one
//! - [`emergencies`] signed alone, looked at afterwards
//! - [`escalating`] further people who may sign after a time
//! - [`standing`]   signed once, beforehand, for a narrow class; [`automation`] the set of a profile
//! - [`trimming`]   steps unticked on a card; [`asking_back`] questions from it, and answers
//! - [`teams`]      asked and signed in Teams; [`doors`] the same words through both chats
//! - [`partners`]   a customer's tenant in the partner's name
//! - [`templates`]  named ways to ask, some of the form filled in

#[path = "../support/assure.rs"]
mod assure;
#[path = "../support/crashing.rs"]
mod crashing;
#[path = "../support/given.rs"]
mod given;
#[path = "../support/hay.rs"]
mod hay;
#[path = "../support/mutate.rs"]
mod mutate;
#[path = "../support/shuffled.rs"]
mod shuffled;
#[path = "../support/signing_in.rs"]
mod signing_in;
#[path = "../support/stage.rs"]
mod stage;

mod actions;
mod approving;
mod asking;
mod asking_back;
mod assurance;
mod attached;
mod attacks;
mod automation;
mod batches;
mod caller_numbers;
mod callers;
mod catalogue;
mod contractors;
mod counting;
mod crashes;
mod details;
mod devices;
mod doors;
mod drifting;
mod emergencies;
mod escalating;
mod estate;
mod first_screen;
mod for_a_while;
mod forgetting;
mod forms;
mod fresh;
mod golden;
mod groups;
mod guests;
mod hours;
mod large;
mod leaks;
mod lifecycle;
mod limits;
mod linking;
mod links;
mod mail;
mod model;
mod mutated;
mod overload;
mod owning;
mod partners;
mod paths;
mod programs;
mod questions;
mod quorums;
mod races;
mod reaching;
mod reads;
mod record;
mod rehearsing;
mod restoring;
mod rights;
mod roles;
mod running;
mod scanners;
mod seats;
mod signing;
mod standing;
mod standins;
mod step_up;
mod teams;
mod templates;
mod tenants;
mod tenants_apart;
mod traces;
mod trimming;
mod undoing;
mod whole_batches;
