//! Wishes that take themselves back, are put off, or are only told of: nothing is proposed, whatever
//! their verbs say.

use countersign::{actions::CATALOG, interpret::read};

use super::{context, index, shown};

fn nothing_of(all: &[&str]) {
    let index = index();
    let context = context(&index);
    for words in all {
        let got = read(words, &context, &index, CATALOG);
        assert!(got.proposals.is_empty(), "{words}: {:?}", shown(&got));
    }
}

#[test]
fn what_was_almost_asked_is_not_asked() {
    nothing_of(&[
        "I was about to ask you to reset Grace Kim's MFA but she found her old phone",
        "I had half a mind to have Omar Haddad taken out of VPN Users, but let him stay",
        "I came this close to asking you to block Omar's account, but HR called me off",
        "Scratch the idea of forwarding info@ to Grace Kim",
    ]);
}

#[test]
fn what_somebody_stands_in_the_way_of_is_not_asked() {
    nothing_of(&[
        "Renée wants Grace Kim out of Project Phoenix but we have to wait for HR first",
        "Omar Haddad would love to have Copilot but there's no budget",
        "We'd love to give Grace Kim Visio but finance won't pay for it",
        "Grace thinks she should be in Project Atlas. I disagree.",
        "Omar Haddad, remove him from VPN Users? I don't think so.",
        "it'd be a mistake to remove Omar Haddad from VPN Users now",
    ]);
}

#[test]
fn what_was_to_be_done_is_asked_about_and_not_for() {
    nothing_of(&[
        "Grace Kim was supposed to be removed from VPN Users, has that happened?",
        "HR told me that Omar Haddad's account should have been disabled last Friday. Was it?",
        "I was told you would add Grace Kim to Project Atlas, is that so?",
        "Can I delete the Info mailbox myself?",
    ]);
}

#[test]
fn what_is_on_a_list_as_done_or_put_off_is_not_asked() {
    nothing_of(&[
        "- wipe Omar's laptop -> done\n- remove Grace's licences -> done",
        "Not yet: Grace Kim to Project Atlas",
        "Summary of yesterday: Grace Kim added to Project Atlas, Omar Haddad removed from it",
        "RITM00231 - Disable account Omar Haddad - Closed Complete",
        "Draft me a mail to Omar Haddad telling him that his account will be disabled on Friday",
    ]);
}

#[test]
fn what_is_meant_for_a_colleague_is_not_asked_of_us() {
    nothing_of(&[
        "Renée, please unlock Omar Haddad when you get a minute",
        "Please join me in welcoming Tara Moss, new Talent Partner in HR as of today",
    ]);
}
