//! Could a button that was pressed be on the copy it claims to be on?
//!
//! Not here: whether it still does something ([`crate::desk::press`]).

use crate::{
    domain::{
        chat::{ChatUser, Inbound, Place, PlaceKind, Press, Verb},
        decision::Rule,
        message::Audience,
    },
    ports::store::{Copy, SayTo},
};

/// Each rule has its own button: nobody signs for a second person with the one that
/// says "I do it myself", or the other way round.
pub(super) fn fits(verb: Verb, rule: &Rule) -> bool {
    match verb {
        Verb::Approve | Verb::Emergency => *rule != Rule::Confirm,
        Verb::Confirm => *rule == Rule::Confirm,
        _ => true,
    }
}

/// Could a copy for these readers ever show this button? Whether it still does
/// something is for the request to say, in words.
pub(super) fn may_show(audience: Audience, verb: Verb) -> bool {
    // Whom it is about sees a number, and says at most that it was not them.
    if audience == Audience::Subject || verb == Verb::NotMe {
        return audience == Audience::Subject && verb == Verb::NotMe;
    }
    match verb {
        Verb::Approve
        | Verb::Reject
        | Verb::Ask
        | Verb::SendQuestion
        | Verb::Emergency
        | Verb::Acknowledge
        | Verb::Open
        | Verb::Object => audience == Audience::Approvers,
        Verb::Confirm
        | Verb::Cancel
        | Verb::Pick
        | Verb::Choose
        | Verb::Restore
        | Verb::Edit
        | Verb::Answer
        | Verb::SendAnswer
        | Verb::EnterNumber
        | Verb::SendNumber => audience == Audience::Requester,
        Verb::Stop
        | Verb::EndNow
        | Verb::Retry
        | Verb::CheckAgain
        | Verb::Happened
        | Verb::DidNot
        | Verb::Show
        | Verb::Details
        | Verb::Rehearse
        | Verb::Untick
        | Verb::LeaveOut
        | Verb::Undo
        | Verb::Revoke
        | Verb::NotMe => true,
    }
}

/// Was this button on that copy? Its one-time value must match, and the message it
/// stands on; a copy whose message id was lost in a crash is bound by the place, or by
/// the person it is for.
pub(super) fn is_of(copy: &Copy, inbound: &Inbound, press: &Press) -> bool {
    let on = &press.on.place;
    let there = |place: &Place| {
        place.platform == on.platform
            && place.realm == on.realm
            && place.conversation == on.conversation
    };
    let theirs = |user: &ChatUser| {
        user.platform == inbound.from.platform
            && user.realm == inbound.from.realm
            && user.id == inbound.from.id
    };
    copy.nonce == press.nonce
        && match (&copy.card, &copy.to) {
            (Some(card), _) => there(&card.place) && card.message == press.on.message,
            (None, SayTo::Place { place }) => there(place),
            (None, SayTo::Person { user }) => on.kind == PlaceKind::Personal && theirs(user),
            (None, SayTo::Whisper { place, user }) => there(place) && theirs(user),
        }
}
