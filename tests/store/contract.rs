//! The promises of the port, each as a function over any store.

use countersign::{
    domain::message::Message,
    domain::{
        chat::{CardRef, ChatUser, Heard, Inbound, Words},
        ids::{Digest, Number, StepId},
        plan::Note,
        request::{Relation, Request, RequestKind, Stage},
        secret::Secret,
        sign_in::{Going, IdentityLink, Linking, Purpose, SignIn, Stage as SignInStage},
        snapshot::Snapshot,
        standing::{InForce, Revoked, Use},
        step::StepRun,
    },
    ports::store::{
        Answer, Conversation, Counted, Head, HeardInThread, Instead, NewLink, NewSecret, ONCE,
        Payload, Showing, SignInKey, Stands, Store, StoreError, TRIES_IN_TURN, Told, Turn,
        WaitingLink,
    },
};
use futures::future::join_all;

use crate::store_cast::{
    approved, asked, changed, chat_user, copy, fact, frozen, minute, pending, person, place,
    request, request_id, run, say, say_in, tenant, user, vote,
};

fn answer(key: &str) -> Answer {
    Answer { say: Some(Message::Note(Note::new(key, &[]))), request: Some(request_id(1)) }
}

async fn saved(store: &dyn Store, n: u128) -> Request {
    store.request(&request_id(n)).await.unwrap().expect("it was saved")
}

/// A request that is over.
fn over(n: u128) -> Request {
    request(n).cancel(person(1), minute(1)).unwrap()
}

fn is_conflict<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}

pub async fn a_new_request_gets_the_next_number_of_its_tenant(store: &dyn Store) {
    let mut elsewhere = request(3);
    elsewhere.tenant = tenant(2);
    elsewhere.subjects.clear();
    let both = Turn {
        requests: vec![(request(1), None), (request(2), None), (elsewhere, None)],
        ..Turn::default()
    };
    let given = store.save(both).await.unwrap();
    assert_eq!(
        given.requests,
        [
            (request_id(1), Number(1001), 1),
            (request_id(2), Number(1002), 1),
            (request_id(3), Number(1001), 1)
        ]
    );
    let found = store.numbered(&tenant(2), Number(1001)).await.unwrap().unwrap();
    assert_eq!((found.id, found.number, found.version), (request_id(3), Number(1001), 1));
    assert_eq!(store.numbered(&tenant(2), Number(1002)).await.unwrap(), None);
    assert!(is_conflict(&store.save(asked(request(1))).await), "an id is new only once");
}

pub async fn a_whole_turn_comes_back_as_it_was_saved(store: &dyn Store) {
    let (pending, frozen) = pending(1);
    let turn = Turn {
        requests: vec![(pending.clone(), None)],
        revisions: vec![frozen.clone()],
        steps: vec![(pending.id, run(2)), (pending.id, run(1))],
        votes: vec![vote(&frozen, 3), vote(&frozen, 4)],
        copies: vec![copy(1, 1), copy(2, 1)],
        ..asked(request(9))
    };
    store.save(Turn { requests: vec![(pending.clone(), None)], ..turn }).await.unwrap();

    let found = saved(store, 1).await;
    assert_eq!(found, Request { number: Number(1001), version: 1, ..pending });
    let plan = store.plan(&request_id(1), 1).await.unwrap().unwrap();
    assert_eq!((plan.bytes(), plan.digest()), (frozen.bytes(), frozen.digest()));
    assert_eq!(store.plan(&request_id(1), 2).await.unwrap(), None);
    assert_eq!(store.steps(&request_id(1)).await.unwrap(), [run(1), run(2)]);
    let votes = store.votes(&request_id(1), 1).await.unwrap();
    assert_eq!(votes, [vote(&frozen, 3), vote(&frozen, 4)]);
    assert_eq!(store.copies(&request_id(1)).await.unwrap(), [copy(1, 1), copy(2, 1)]);
    assert_eq!(store.made_in(&place("C1").key(), 5).await.unwrap(), [found]);
    assert_eq!(store.made_in(&place("C2").key(), 5).await.unwrap(), []);
}

pub async fn the_second_of_two_writers_of_one_version_is_refused(store: &dyn Store) {
    store.save(asked(request(1))).await.unwrap();
    let read = saved(store, 1).await;
    let cancel = |by| changed(read.clone().cancel(person(by), minute(1)).unwrap());
    let all = join_all((10..20).map(|by| store.save(cancel(by)))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(all.iter().filter(|result| is_conflict(result)).count(), 9);
    assert_eq!(saved(store, 1).await.version, 2);
    assert!(is_conflict(&store.save(changed(Request { version: 3, ..read })).await));
}

pub async fn a_turn_that_fails_leaves_nothing_behind(store: &dyn Store) {
    store.save(asked(request(1))).await.unwrap();
    let stale = Turn {
        inbox: Some(("d1".into(), answer("a"))),
        requests: vec![(request(2), None), (request(1), Some(7))],
        facts: vec![fact(1, "house")],
        say: vec![say(1)],
        copies: vec![copy(1, 1)],
        lock: vec![(request_id(1), "user:x".into())],
        ..Turn::default()
    };
    assert!(is_conflict(&store.save(stale).await));
    assert_eq!(store.request(&request_id(2)).await.unwrap(), None);
    assert_eq!(store.answered("d1").await.unwrap(), None);
    assert_eq!(store.number_facts(10).await.unwrap(), 0);
    assert_eq!(store.unsaid(minute(9), minute(10), 10).await.unwrap(), []);
    assert_eq!(store.copies(&request_id(1)).await.unwrap(), []);
    let next = store.save(asked(request(2))).await.unwrap();
    assert_eq!(next.requests[0].1, Number(1002), "and no number is lost");
}

pub async fn a_repeated_delivery_gets_the_answer_that_was_given(store: &dyn Store) {
    let handled =
        |n, words| Turn { inbox: Some(("d1".into(), answer(words))), ..asked(request(n)) };
    let all = join_all((1..=5).map(|n| store.save(handled(n, "first")))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    for again in all.into_iter().filter_map(Result::err) {
        let StoreError::Repeated(given) = again else { panic!("{again:?}") };
        assert_eq!(*given, answer("first"));
    }
    assert_eq!(store.answered("d1").await.unwrap(), Some(answer("first")));
    assert_eq!(store.answered("d2").await.unwrap(), None);
    assert_eq!(store.open(&tenant(1), None, 9).await.unwrap().len(), 1);
}

pub async fn a_delivery_that_was_acknowledged_waits_until_it_is_handled(store: &dyn Store) {
    let inbound = |key: &str| Inbound {
        key: key.to_owned(),
        from: chat_user(),
        place: place("C1"),
        what: Heard::Said {
            words: Words("disable Canaria Finkelstein".into()),
            mentions: Vec::new(),
            message: None,
            files: Vec::new(),
        },
    };
    let receive = |key: &str| Turn { received: Some(inbound(key)), ..Turn::default() };
    store.save(receive("d1")).await.unwrap();
    store.save(receive("d2")).await.unwrap();
    let again = store.save(receive("d1")).await;
    assert!(matches!(again, Err(StoreError::Repeated(ref given)) if **given == Answer::default()));
    assert_eq!(store.unhandled(9).await.unwrap(), [inbound("d1"), inbound("d2")]);
    assert_eq!(store.unhandled(1).await.unwrap(), [inbound("d1")]);
    assert_eq!(store.answered("d1").await.unwrap(), None);

    let handled = || Turn { inbox: Some(("d1".into(), answer("done"))), ..Turn::default() };
    store.save(handled()).await.unwrap();
    assert_eq!(store.unhandled(9).await.unwrap(), [inbound("d2")]);
    assert!(matches!(store.save(handled()).await, Err(StoreError::Repeated(_))));
    let late = store.save(receive("d1")).await;
    assert!(matches!(late, Err(StoreError::Repeated(ref given)) if **given == answer("done")));
}

pub async fn one_bad_turn_among_fifty_good_ones_fails_alone(store: &dyn Store) {
    store.save(asked(request(0))).await.unwrap();
    let turns = (1..=51).map(|n| match n {
        25 => {
            Turn { requests: vec![(request(25), None), (request(0), Some(9))], ..Turn::default() }
        }
        _ => Turn { facts: vec![fact(n, "house")], ..asked(request(n)) },
    });
    let all = join_all(turns.map(|turn| store.save(turn))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 50);
    assert!(is_conflict(&all[24]));
    assert_eq!(store.request(&request_id(25)).await.unwrap(), None);
    let mut numbers: Vec<u64> = all.iter().flatten().map(|saved| saved.requests[0].1.0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1002..=1051).collect::<Vec<_>>(), "no number twice, none left out");
    assert_eq!(store.number_facts(99).await.unwrap(), 50);
}

pub async fn a_plan_revision_is_written_once(store: &dyn Store) {
    let (pending, first) = pending(1);
    store.save(Turn { revisions: vec![first.clone()], ..asked(pending) }).await.unwrap();
    let other = Turn { revisions: vec![frozen(1, 1)], ..Turn::default() };
    assert!(is_conflict(&store.save(other).await));
    store.save(Turn { revisions: vec![frozen(1, 2)], ..Turn::default() }).await.unwrap();
    assert_eq!(store.plan(&request_id(1), 1).await.unwrap(), Some(first));
    assert_eq!(store.plan(&request_id(1), 2).await.unwrap(), Some(frozen(1, 2)));
}

pub async fn one_person_votes_once_on_a_revision(store: &dyn Store) {
    let (pending, frozen) = pending(1);
    store.save(Turn { revisions: vec![frozen.clone()], ..asked(pending) }).await.unwrap();
    let cast = |voter| Turn { votes: vec![vote(&frozen, voter)], ..Turn::default() };
    let all = join_all([3, 3, 4, 3].map(|voter| store.save(cast(voter)))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 2);
    assert_eq!(all.iter().filter(|result| is_conflict(result)).count(), 2);
    assert_eq!(store.votes(&request_id(1), 1).await.unwrap().len(), 2);
    let nowhere =
        Turn { votes: vec![vote(&crate::store_cast::frozen(1, 7), 3)], ..Turn::default() };
    assert!(matches!(store.save(nowhere).await, Err(StoreError::Broken(_))));
}

pub async fn a_step_needs_its_revision(store: &dyn Store) {
    store.save(asked(request(1))).await.unwrap();
    let step = |n| Turn { steps: vec![(request_id(1), run(n))], ..Turn::default() };
    assert!(matches!(store.save(step(1)).await, Err(StoreError::Broken(_))));
    let (pending, frozen) = pending(1);
    let read = Request { version: 1, ..pending };
    store.save(Turn { revisions: vec![frozen], ..changed(read) }).await.unwrap();
    assert_eq!(store.steps(&request_id(1)).await.unwrap(), [], "planned, not begun");
    store.save(step(2)).await.unwrap();
    store.save(step(2)).await.unwrap();
    assert_eq!(store.steps(&request_id(1)).await.unwrap(), [run(2)]);
    assert!(matches!(store.save(step(3)).await, Err(StoreError::Broken(_))));
}

pub async fn open_requests_are_found_by_subject_newest_first(store: &dyn Store) {
    for n in 1..=4 {
        let mut about = request(n);
        about.subjects = if n == 3 { vec![person(8)] } else { vec![person(2), person(7)] };
        store.save(asked(about)).await.unwrap();
    }
    let done = saved(store, 2).await.cancel(person(1), minute(1)).unwrap();
    store.save(changed(done)).await.unwrap();
    let ids =
        |found: Vec<Request>| found.iter().map(|r| r.id.0.as_u128() & 0xFF).collect::<Vec<_>>();
    assert_eq!(ids(store.open(&tenant(1), None, 9).await.unwrap()), [4, 3, 1]);
    assert_eq!(ids(store.open(&tenant(1), None, 2).await.unwrap()), [4, 3]);
    assert_eq!(ids(store.open(&tenant(1), Some(&user(7)), 9).await.unwrap()), [4, 1]);
    assert_eq!(ids(store.open(&tenant(2), Some(&user(7)), 9).await.unwrap()), [0; 0]);
    let mut moved = saved(store, 1).await;
    moved.subjects = vec![person(8)];
    store.save(changed(moved)).await.unwrap();
    assert_eq!(ids(store.open(&tenant(1), Some(&user(7)), 9).await.unwrap()), [4]);
    assert_eq!(ids(store.open(&tenant(1), Some(&user(8)), 9).await.unwrap()), [3, 1]);

    let mut foreign = request(9);
    foreign.tenant = tenant(2);
    assert!(
        matches!(store.save(asked(foreign)).await, Err(StoreError::Broken(_))),
        "a request is never about a user of another directory"
    );
}

pub async fn two_claimers_never_get_the_same_request(store: &dyn Store) {
    for n in 1..=20 {
        store.save(asked(approved(n))).await.unwrap();
    }
    let claims = (0..40).map(|_| store.claim(minute(5), minute(6)));
    let all: Vec<_> = join_all(claims).await.into_iter().map(Result::unwrap).collect();
    let mut got: Vec<_> = all.into_iter().flatten().map(|(request, _)| request.id).collect();
    got.sort();
    assert_eq!(got, (1..=20).map(request_id).collect::<Vec<_>>());
}

pub async fn a_lease_that_expired_is_lost_to_the_next_claimer(store: &dyn Store) {
    store.save(asked(approved(1))).await.unwrap();
    let (read, first) = store.claim(minute(5), minute(6)).await.unwrap().unwrap();
    assert_eq!(store.claim(minute(5), minute(6)).await.unwrap(), None);
    let running = |read: &Request| read.clone().start(minute(5)).unwrap();
    let begun = Turn { lease: Some(first.clone()), ..changed(running(&read)) };
    store.save(begun).await.unwrap();
    store.renew(&first, minute(7)).await.unwrap();
    assert_eq!(store.claim(minute(6), minute(8)).await.unwrap(), None);

    let (again, second) = store.claim(minute(7), minute(9)).await.unwrap().unwrap();
    assert!(matches!(again.stage, Stage::Running { .. }));
    assert_eq!(second.token, first.token + 1);
    let late = Turn { lease: Some(first.clone()), say: vec![say(1)], ..Turn::default() };
    assert!(is_conflict(&store.save(late).await));
    assert!(is_conflict(&store.renew(&first, minute(20)).await));
    let kept = Turn { lease: Some(second.clone()), say: vec![say(1)], ..Turn::default() };
    store.save(kept).await.unwrap();
}

pub async fn a_lease_given_back_is_no_lease(store: &dyn Store) {
    store.save(asked(approved(1))).await.unwrap();
    let (read, lease) = store.claim(minute(5), minute(60)).await.unwrap().unwrap();
    let back = Turn { lease: Some(lease.clone()), release: true, ..changed(read) };
    store.save(back).await.unwrap();
    assert!(is_conflict(&store.renew(&lease, minute(99)).await));
    let late = Turn { lease: Some(lease.clone()), ..Turn::default() };
    assert!(is_conflict(&store.save(late).await));
    let (_, next) = store.claim(minute(5), minute(60)).await.unwrap().unwrap();
    assert_eq!(next.token, lease.token + 1);
}

pub async fn only_what_is_signed_and_due_is_claimed(store: &dyn Store) {
    store.save(asked(request(1))).await.unwrap();
    let by = vec![person(3)];
    let later = Request {
        stage: Stage::Scheduled { by, at: minute(1), start_at: minute(30) },
        due_at: Some(minute(30)),
        ..request(2)
    };
    store.save(asked(later)).await.unwrap();
    assert_eq!(store.claim(minute(29), minute(31)).await.unwrap(), None);
    let (claimed, _) = store.claim(minute(30), minute(31)).await.unwrap().unwrap();
    assert_eq!(claimed.id, request_id(2));
    assert_eq!(store.claim(minute(99), minute(100)).await.unwrap().unwrap().0.id, request_id(2));
}

pub async fn requests_past_their_time_are_overdue(store: &dyn Store) {
    for (n, until) in [(1, 20), (2, 10), (3, 40)] {
        let stage = Stage::Clarifying { open: Vec::new(), until: minute(until) };
        let waits = Request { stage, due_at: Some(minute(until)), ..request(n) };
        store.save(asked(waits)).await.unwrap();
    }
    store.save(asked(approved(4))).await.unwrap();
    let ids =
        |found: Vec<Request>| found.iter().map(|r| r.id.0.as_u128() & 0xFF).collect::<Vec<_>>();
    assert_eq!(ids(store.overdue(minute(20), 9).await.unwrap()), [2, 1]);
    assert_eq!(ids(store.overdue(minute(20), 1).await.unwrap()), [2]);
    assert_eq!(ids(store.overdue(minute(9), 9).await.unwrap()), [0; 0]);
}

pub async fn a_resource_has_one_holder(store: &dyn Store) {
    store.save(asked(approved(1))).await.unwrap();
    store.save(asked(approved(2))).await.unwrap();
    let lock =
        |n, what: &str| Turn { lock: vec![(request_id(n), what.to_owned())], ..Turn::default() };
    store.save(lock(1, "user:a")).await.unwrap();
    store.save(lock(1, "user:a")).await.unwrap();
    store.save(lock(2, "user:b")).await.unwrap();
    let refused = store.save(lock(2, "user:a")).await.unwrap_err();
    let StoreError::Locked { resource, holder } = refused else { panic!("{refused:?}") };
    assert_eq!((resource.as_str(), holder), ("user:a", request_id(1)));
    store.save(Turn { unlock: vec![request_id(1)], ..Turn::default() }).await.unwrap();
    store.save(lock(2, "user:a")).await.unwrap();
}

fn secret(value: &str) -> NewSecret {
    NewSecret {
        request: request_id(1),
        step: StepId(1),
        recipient: user(1),
        value: Secret::new(value),
        expires_at: minute(60),
    }
}

fn link(token: u8) -> NewLink {
    NewLink {
        request: request_id(1),
        step: StepId(1),
        token_hash: [token; 32],
        sealed: vec![token; 40],
        expires_at: minute(60),
        message: say(1).id,
    }
}

/// Opens a link at a minute, and says so.
fn opening(token: u8, at: i64, n: u128) -> Turn {
    Turn {
        at: minute(at),
        open_link: Some([token; 32]),
        facts: vec![fact(n, "house")],
        ..Turn::default()
    }
}

pub async fn a_secret_moves_into_its_link_and_opens_once(store: &dyn Store) {
    store.save(Turn { secrets: vec![secret("first")], ..asked(request(1)) }).await.unwrap();
    store.save(Turn { secrets: vec![secret("second")], ..Turn::default() }).await.unwrap();
    let held = store.secret(&request_id(1), StepId(1)).await.unwrap().unwrap();
    assert_eq!(held.reveal(), "second");
    assert_eq!(store.secret(&request_id(1), StepId(2)).await.unwrap(), None);

    store.save(Turn { links: vec![link(1)], ..Turn::default() }).await.unwrap();
    assert_eq!(store.secret(&request_id(1), StepId(1)).await.unwrap(), None);
    assert_eq!(store.link(&[9; 32], minute(5)).await.unwrap(), None);
    let waiting = WaitingLink {
        token_hash: [1; 32],
        request: request_id(1),
        step: StepId(1),
        sealed: vec![1; 40],
        ending: None,
    };
    for _ in 0..3 {
        let read = store.link(&[1; 32], minute(5)).await.unwrap();
        assert_eq!(read.as_ref(), Some(&waiting), "reading it does not open it");
    }
    let openers = (0..50).map(|n| store.save(opening(1, 5, n)));
    let all: Vec<_> = join_all(openers).await;
    assert_eq!(all.iter().filter(|opened| opened.is_ok()).count(), 1);
    let late = all.iter().filter(|opened| matches!(opened, Err(StoreError::Conflict)));
    assert_eq!(late.count(), 49);
    assert_eq!(store.link(&[1; 32], minute(5)).await.unwrap(), None);
    assert_eq!(store.number_facts(100).await.unwrap(), 1, "one opened, one says so");

    let unwanted = Turn { secrets: vec![secret("third")], links: vec![link(2)], ..Turn::default() };
    store.save(unwanted).await.unwrap();
    let forget = Turn { forget_secrets: vec![(request_id(1), StepId(1))], ..Turn::default() };
    store.save(forget).await.unwrap();
    assert_eq!(store.link(&[2; 32], minute(5)).await.unwrap(), None);
}

pub async fn a_link_past_its_time_opens_nothing(store: &dyn Store) {
    store.save(Turn { links: vec![link(1)], ..asked(request(1)) }).await.unwrap();
    assert_eq!(store.link(&[1; 32], minute(60)).await.unwrap(), None);
    let late = store.save(opening(1, 60, 1)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert_eq!(store.number_facts(9).await.unwrap(), 0, "nobody opened it, nothing says so");
    assert!(store.link(&[1; 32], minute(59)).await.unwrap().is_some());
}

/// What the message with a link says once the link ran out.
fn ending() -> Instead {
    Instead { say: say(2), of: say(1).id, from: minute(60) }
}

pub async fn what_a_message_says_in_the_end_waits_for_its_time(store: &dyn Store) {
    let turn =
        Turn { say: vec![say(1)], instead: vec![ending()], links: vec![link(1)], ..asked(over(1)) };
    store.save(turn).await.unwrap();
    assert_eq!(store.stands(&say(1).id).await.unwrap(), Stands::NotYet);
    let unsaid = store.unsaid(minute(0), minute(1), 9).await.unwrap();
    let told: Vec<_> = unsaid.iter().map(|u| (u.say.id, u.instead_of)).collect();
    assert_eq!(told, [(say(1).id, None)]);
    let card = CardRef { place: place("C1"), message: "171.5".into() };
    store.said(&say(1).id, Told::Said(Some(card.clone()))).await.unwrap();
    assert_eq!(store.unsaid(minute(59), minute(61), 9).await.unwrap(), []);
    assert_eq!(store.next_due().await.unwrap(), Some(minute(60)));

    // Where it stands is kept as long as something waits to change it.
    store.sweep(minute(30 * 24 * 60)).await.unwrap();
    assert_eq!(store.stands(&say(1).id).await.unwrap(), Stands::At(card));
    let late = store.unsaid(minute(60), minute(61), 9).await.unwrap();
    assert_eq!(late.iter().map(|u| u.instead_of).collect::<Vec<_>>(), [Some(say(1).id)]);
    assert_eq!(late[0].say, say(2));
    store.said(&say(2).id, Told::Said(None)).await.unwrap();
    assert_eq!(store.stands(&say(2).id).await.unwrap(), Stands::Nowhere);
    assert_eq!(store.stands(&say(3).id).await.unwrap(), Stands::Nowhere, "it was never there");
}

pub async fn opening_a_link_takes_back_what_its_message_would_have_said(store: &dyn Store) {
    let turn = Turn { instead: vec![ending()], links: vec![link(1)], ..asked(request(1)) };
    store.save(turn).await.unwrap();
    let found = store.link(&[1; 32], minute(5)).await.unwrap().unwrap();
    assert_eq!(found.ending, Some(ending()));
    let opened = Instead { say: say(3), from: minute(5), ..ending() };
    store.save(Turn { instead: vec![opened], ..opening(1, 5, 1) }).await.unwrap();
    let unsaid = store.unsaid(minute(99), minute(100), 9).await.unwrap();
    assert_eq!(unsaid.iter().map(|u| u.say.id).collect::<Vec<_>>(), [say(3).id]);
}

pub async fn a_link_that_a_newer_one_replaces_opens_no_more(store: &dyn Store) {
    let whom = user(2);
    let turn = Turn { instead: vec![ending()], links: vec![link(1)], ..asked(request(1)) };
    store.save(turn).await.unwrap();
    let found = store.links_about(&whom, minute(5)).await.unwrap();
    assert_eq!(found.iter().map(|link| link.token_hash).collect::<Vec<_>>(), [[1; 32]]);
    assert_eq!(found[0].ending, Some(ending()));
    assert!(store.links_about(&user(6), minute(5)).await.unwrap().is_empty(), "somebody else's");
    assert!(store.links_about(&whom, minute(60)).await.unwrap().is_empty(), "past its time");

    let replaced = Instead { say: say(3), from: minute(5), ..ending() };
    let void = || Turn { at: minute(5), void_links: vec![[1; 32]], ..Turn::default() };
    store.save(Turn { instead: vec![replaced], ..void() }).await.unwrap();
    assert_eq!(store.link(&[1; 32], minute(5)).await.unwrap(), None);
    let unsaid = store.unsaid(minute(99), minute(100), 9).await.unwrap();
    assert_eq!(unsaid.iter().map(|u| u.say.id).collect::<Vec<_>>(), [say(3).id]);
    store.save(void()).await.expect("one that is gone already is no conflict");
}

pub async fn whoever_was_shown_a_plan_is_remembered_until_the_request_is_over(store: &dyn Store) {
    let seen = |n: u128, who: &str, plan: &[u8]| Showing {
        request: request_id(n),
        plan: Digest::of(plan),
        to: ChatUser { id: who.to_owned(), ..chat_user() },
    };
    store.save(asked(request(1))).await.unwrap();
    store.save(asked(over(2))).await.unwrap();
    assert!(!store.was_shown(&seen(1, "U1", b"plan")).await.unwrap());
    for _ in 0..2 {
        let shown = vec![seen(1, "U1", b"plan"), seen(2, "U1", b"plan")];
        store.save(Turn { shown, ..Turn::default() }).await.unwrap();
    }
    for (n, who, plan) in [(1, "U2", &b"plan"[..]), (1, "U1", b"other"), (3, "U1", b"plan")] {
        assert!(!store.was_shown(&seen(n, who, plan)).await.unwrap(), "{n} {who}");
    }
    // Where private messages are addressed is not part of who somebody is.
    let mut moved = seen(1, "U1", b"plan");
    moved.to.address = Some("29:elsewhere".into());
    assert!(store.was_shown(&moved).await.unwrap());
    assert!(store.was_shown(&seen(2, "U1", b"plan")).await.unwrap());
    assert_eq!(store.sweep(minute(9)).await.unwrap(), 1, "nobody signs what is over");
    assert!(store.was_shown(&seen(1, "U1", b"plan")).await.unwrap());
    assert!(!store.was_shown(&seen(2, "U1", b"plan")).await.unwrap());
}

pub async fn what_is_past_its_time_is_swept(store: &dyn Store) {
    let heard = |until| HeardInThread {
        place: place("C1").key(),
        tenant: tenant(1),
        person: true,
        words: "Canaria Finkelstein".into(),
        about: Vec::new(),
        at: minute(0),
        until: minute(until),
    };
    let turn = Turn {
        inbox: Some(("d1".into(), answer("a"))),
        secrets: vec![secret("s")],
        heard: vec![heard(10), heard(1000)],
        ..asked(request(1))
    };
    store.save(turn).await.unwrap();
    let once = format!("{ONCE}told");
    let told = Turn { inbox: Some((once.clone(), answer("b"))), ..Turn::default() };
    store.save(told).await.unwrap();
    let other = NewLink { step: StepId(2), ..link(1) };
    store.save(Turn { links: vec![other], ..Turn::default() }).await.unwrap();
    assert_eq!(store.sweep(minute(9)).await.unwrap(), 0);
    assert_eq!(store.sweep(minute(10)).await.unwrap(), 1);
    assert_eq!(store.sweep(minute(60)).await.unwrap(), 2);
    assert_eq!(store.secret(&request_id(1), StepId(1)).await.unwrap(), None);
    assert_eq!(store.thread(&place("C1").key(), 9).await.unwrap().len(), 1);
    assert_eq!(store.answered("d1").await.unwrap(), Some(answer("a")));
    assert_eq!(store.sweep(minute(30 * 24 * 60)).await.unwrap(), 2, "the rest in a month");
    assert_eq!(store.answered("d1").await.unwrap(), None);
    assert_eq!(store.answered(&once).await.unwrap(), Some(answer("b")), "for good");
}

pub async fn a_message_is_handed_out_to_one_teller_and_again_when_he_is_gone(store: &dyn Store) {
    let says = [say_in("C1", 1), say_in("C2", 2), say_in("C3", 3)];
    store.save(Turn { at: minute(0), say: says.to_vec(), ..Turn::default() }).await.unwrap();
    let first = store.unsaid(minute(0), minute(5), 2).await.unwrap();
    assert_eq!(first.iter().map(|u| &u.say).collect::<Vec<_>>(), [&says[0], &says[1]]);
    let second = store.unsaid(minute(1), minute(6), 9).await.unwrap();
    assert_eq!(second.iter().map(|u| &u.say).collect::<Vec<_>>(), [&says[2]]);
    assert_eq!(store.unsaid(minute(4), minute(9), 9).await.unwrap(), []);

    store.said(&say(1).id, Told::Said(None)).await.unwrap();
    store.said(&say(3).id, Told::Later(minute(20))).await.unwrap();
    let third = store.unsaid(minute(5), minute(10), 9).await.unwrap();
    assert_eq!(third.iter().map(|u| &u.say).collect::<Vec<_>>(), [&says[1]], "its teller is gone");
    assert_eq!(third[0].tries, 1, "he may have said it");
    assert_eq!(store.unsaid(minute(19), minute(20), 9).await.unwrap().len(), 1);
    let fourth = store.unsaid(minute(20), minute(30), 9).await.unwrap();
    assert_eq!(fourth.iter().map(|u| u.tries).collect::<Vec<_>>(), [3, 1]);
    store.said(&say(1).id, Told::Later(minute(0))).await.unwrap();
    let rest = store.unsaid(minute(99), minute(100), 9).await.unwrap();
    assert_eq!(rest.len(), 2, "what was said stays said");
}

pub async fn messages_to_one_conversation_keep_their_order(store: &dyn Store) {
    let says = vec![say(1), say_in("C2", 2), say(3), say(4)];
    store.save(Turn { at: minute(0), say: says, ..Turn::default() }).await.unwrap();
    let unsaid = async |now, until, limit| {
        let unsaid = store.unsaid(minute(now), minute(until), limit).await.unwrap();
        unsaid.into_iter().map(|one| one.say.id).collect::<Vec<_>>()
    };
    let ids = |all: &[u128]| all.iter().map(|n| say(*n).id).collect::<Vec<_>>();
    assert_eq!(unsaid(0, 5, 1).await, ids(&[1]));
    assert_eq!(unsaid(0, 5, 9).await, ids(&[2]), "those behind it wait, others do not");
    store.said(&say(2).id, Told::Said(None)).await.unwrap();
    store.said(&say(1).id, Told::NotYet(minute(2))).await.unwrap();
    assert_eq!(unsaid(1, 5, 9).await, ids(&[]), "it waits for its turn, and they for it");
    assert_eq!(unsaid(2, 3, 9).await, ids(&[1, 3, 4]), "one teller says them all in order");
    store.said(&say(3).id, Told::Said(None)).await.unwrap();
    store.said(&say(1).id, Told::Later(minute(9))).await.unwrap();
    assert_eq!(unsaid(4, 5, 9).await, ids(&[]), "it was tried once");
    for tried in 1..TRIES_IN_TURN {
        let next = 9 + i64::from(tried);
        assert_eq!(unsaid(next - 1, next, 1).await, ids(&[1]));
        store.said(&say(1).id, Told::Later(minute(next))).await.unwrap();
    }
    assert_eq!(unsaid(10, 20, 9).await, ids(&[4]), "nobody waits for it for ever");
}

pub async fn what_was_not_tried_comes_again_and_is_no_try(store: &dyn Store) {
    let turn = Turn { say: vec![say(1)], copies: vec![copy(1, 1)], ..asked(request(1)) };
    store.save(turn).await.unwrap();
    for round in 0..3 {
        let (now, until, next) =
            (minute(round * 10), minute(round * 10 + 5), minute(round * 10 + 9));
        let unsaid = store.unsaid(now, until, 9).await.unwrap();
        assert_eq!(unsaid.iter().map(|u| u.tries).collect::<Vec<_>>(), [0], "round {round}");
        store.said(&say(1).id, Told::NotYet(next)).await.unwrap();
        let stale = store.stale(now, until, 9).await.unwrap();
        assert_eq!(stale.iter().map(|s| s.tries).collect::<Vec<_>>(), [0], "round {round}");
        store.drawn(&copy(1, 1).id, stale[0].wanted, Told::NotYet(next)).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(next));
        let early = minute(round * 10 + 8);
        assert_eq!(store.unsaid(early, until, 9).await.unwrap(), []);
        assert_eq!(store.stale(early, until, 9).await.unwrap(), []);
    }
}

pub async fn a_message_that_cannot_be_said_is_parked(store: &dyn Store) {
    store.save(Turn { at: minute(0), say: vec![say(1)], ..Turn::default() }).await.unwrap();
    store.said(&say(1).id, Told::Never("the channel is archived".into())).await.unwrap();
    assert_eq!(store.unsaid(minute(99), minute(100), 9).await.unwrap(), []);
    assert_eq!(store.next_due().await.unwrap(), None);
}

pub async fn a_copy_that_was_wanted_anew_while_it_was_drawn_stays_stale(store: &dyn Store) {
    store
        .save(Turn {
            copies: vec![copy(1, 1), copy(2, 2)],
            requests: vec![(request(1), None), (request(2), None)],
            at: minute(0),
            ..Turn::default()
        })
        .await
        .unwrap();
    let first = store.stale(minute(0), minute(5), 9).await.unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(store.stale(minute(1), minute(5), 9).await.unwrap(), []);
    store
        .save(Turn { at: minute(1), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    for stale in &first {
        store.drawn(&stale.copy.id, stale.wanted, Told::Said(None)).await.unwrap();
    }
    let second = store.stale(minute(1), minute(6), 9).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].copy.request, request_id(1));
    assert!(second[0].wanted > first[0].wanted);
    store.drawn(&second[0].copy.id, second[0].wanted, Told::Later(minute(9))).await.unwrap();
    store
        .save(Turn { at: minute(2), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    assert_eq!(
        store.stale(minute(8), minute(9), 9).await.unwrap(),
        [],
        "a throttled copy still waits"
    );
    let third = store.stale(minute(9), minute(10), 9).await.unwrap();
    assert_eq!(third[0].tries, 1);
    store.drawn(&third[0].copy.id, third[0].wanted, Told::Said(None)).await.unwrap();
    store.drawn(&second[0].copy.id, second[0].wanted, Told::Later(minute(10))).await.unwrap();
    assert_eq!(
        store.stale(minute(99), minute(100), 9).await.unwrap(),
        [],
        "a late teller changes nothing"
    );

    store.drawn(&third[0].copy.id, third[0].wanted, Told::Never("deleted".into())).await.unwrap();
    store
        .save(Turn { at: minute(99), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    assert_eq!(store.stale(minute(99), minute(100), 9).await.unwrap(), []);
}

pub async fn a_card_whose_earlier_drawing_may_arrive_late_is_drawn_once_more(store: &dyn Store) {
    let turn = Turn { copies: vec![copy(1, 1)], ..asked(request(1)) };
    store.save(turn).await.unwrap();
    let id = copy(1, 1).id;
    let stale = async |now| {
        let stale = store.stale(minute(now), minute(now), 9).await.unwrap();
        stale.first().map(|one| (one.wanted, one.tries))
    };
    assert_eq!(stale(0).await, Some((1, 0)));
    // The first teller fell; his drawing may be on its way.
    assert_eq!(stale(1).await, Some((1, 1)));
    store.drawn(&id, 1, Told::Doubtful(None, minute(9))).await.unwrap();
    assert_eq!(stale(8).await, None);
    // What is news meanwhile is drawn at once, and the doubt stays.
    store
        .save(Turn { at: minute(3), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    let (wanted, tries) = stale(4).await.unwrap();
    assert_eq!(tries, 0);
    store.drawn(&id, wanted, Told::Said(None)).await.unwrap();
    assert_eq!(stale(8).await, None);
    let (wanted, _) = stale(9).await.expect("drawn once more, when nothing can arrive any more");
    store.drawn(&id, wanted, Told::Said(None)).await.unwrap();
    assert_eq!(stale(99).await, None, "once");
    // More was wanted while the doubtful one was drawn: it follows, and then the last one.
    store
        .save(Turn { at: minute(99), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    let (wanted, _) = stale(99).await.unwrap();
    store
        .save(Turn { at: minute(99), redraw: vec![request_id(1)], ..Turn::default() })
        .await
        .unwrap();
    store.drawn(&id, wanted, Told::Doubtful(None, minute(110))).await.unwrap();
    let (wanted, _) = stale(100).await.unwrap();
    store.drawn(&id, wanted, Told::Said(None)).await.unwrap();
    assert_eq!(stale(109).await, None);
    assert!(stale(110).await.is_some());
}

pub async fn a_card_that_an_answer_shows_is_drawn_once_more_when_the_answer_has_arrived(
    store: &dyn Store,
) {
    let copies = vec![copy(1, 1), copy(2, 1)];
    store.save(Turn { copies, ..asked(request(1)) }).await.unwrap();
    for shown in store.stale(minute(0), minute(0), 9).await.unwrap() {
        store.drawn(&shown.copy.id, shown.wanted, Told::Said(None)).await.unwrap();
    }
    let redraw = vec![request_id(1)];
    let in_answer = Some((copy(1, 1).id, minute(5)));
    store.save(Turn { at: minute(1), redraw, in_answer, ..Turn::default() }).await.unwrap();
    let draw = async |now| {
        let stale = store.stale(minute(now), minute(now), 9).await.unwrap();
        for shown in &stale {
            store.drawn(&shown.copy.id, shown.wanted, Told::Said(None)).await.unwrap();
        }
        stale.iter().map(|shown| shown.copy.id).collect::<Vec<_>>()
    };
    assert_eq!(draw(1).await, [copy(1, 1).id, copy(2, 1).id], "both at once");
    assert!(draw(4).await.is_empty());
    assert_eq!(draw(5).await, [copy(1, 1).id], "the one that the answer shows, once more");
    assert!(draw(99).await.is_empty());
}

pub async fn a_copy_keeps_the_message_it_became(store: &dyn Store) {
    store.save(Turn { copies: vec![copy(1, 1)], ..asked(request(1)) }).await.unwrap();
    let card = Some(CardRef { place: place("C1"), message: "171.5".into() });
    store.drawn(&copy(1, 1).id, 1, Told::Said(card.clone())).await.unwrap();
    store.drawn(&copy(1, 1).id, 1, Told::Said(None)).await.unwrap();
    assert_eq!(store.copies(&request_id(1)).await.unwrap()[0].card, card);
}

pub async fn the_next_instant_is_the_earliest_of_all(store: &dyn Store) {
    assert_eq!(store.next_due().await.unwrap(), None);
    store.save(asked(request(1))).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(60)));
    store.save(Turn { at: minute(50), copies: vec![copy(1, 1)], ..Turn::default() }).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(50)));
    store.save(Turn { at: minute(40), say: vec![say(1)], ..Turn::default() }).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(40)));
    store.unsaid(minute(40), minute(55), 9).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(50)));
    store.drawn(&copy(1, 1).id, 1, Told::Said(None)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(55)), "when its teller is gone");
    store.said(&say(1).id, Told::Said(None)).await.unwrap();
    store.save(asked(approved(2))).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(1)));
    store.claim(minute(1), minute(30)).await.unwrap().unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(minute(30)), "when its worker is gone");
}

pub async fn what_somebody_had_is_kept_as_it_was_first_seen_until_its_time(store: &dyn Store) {
    let (pending, frozen) = pending(1);
    let part = |step: Option<u16>, part: &str, value: &str| Snapshot {
        request: request_id(1),
        subject: user(2),
        step: step.map(StepId),
        part: part.to_owned(),
        value: serde_json::json!({ "saw": value }),
        taken_at: minute(3),
        until: minute(60),
    };
    let parts = vec![part(None, "account", "Canaria"), part(Some(1), "before", "E3")];
    let turn = Turn {
        requests: vec![(pending, None), (request(2), None)],
        revisions: vec![frozen],
        steps: vec![(request_id(1), run(1))],
        snapshots: parts.clone(),
        ..Turn::default()
    };
    store.save(turn).await.unwrap();
    let again = vec![part(Some(1), "before", "nothing"), part(Some(2), "before", "a group")];
    store.save(Turn { snapshots: again.clone(), ..Turn::default() }).await.unwrap();

    let kept = [&parts[..], &again[1..]].concat();
    assert_eq!(store.snapshots(&request_id(1)).await.unwrap(), kept);
    assert_eq!(store.snapshots(&request_id(2)).await.unwrap(), []);
    let took = |user| async move {
        let found = store.took_from(&user, 5).await.unwrap();
        found.into_iter().map(|request| request.id).collect::<Vec<_>>()
    };
    assert_eq!(took(user(2)).await, [request_id(1)], "request 2 is about them and took nothing");
    assert_eq!(took(user(1)).await, []);

    assert_eq!(store.sweep(minute(59)).await.unwrap(), 0);
    assert_eq!(store.sweep(minute(60)).await.unwrap(), 4, "three parts, and what a step saw");
    assert_eq!(store.snapshots(&request_id(1)).await.unwrap(), []);
    assert_eq!(took(user(2)).await, []);
    let steps = store.steps(&request_id(1)).await.unwrap();
    assert_eq!(steps, [StepRun { before: None, seen: None, ..run(1) }]);
}

pub async fn facts_are_numbered_without_gaps_in_the_order_they_were_written(store: &dyn Store) {
    let facts = |from: u128| Turn {
        facts: vec![fact(from, "house"), fact(from + 1, &user(2).to_string())],
        ..Turn::default()
    };
    for from in [10, 20, 30] {
        store.save(facts(from)).await.unwrap();
    }
    assert_eq!(store.record(0, 99).await.unwrap(), [], "no number yet");
    assert_eq!(store.number_facts(4).await.unwrap(), 4);
    store.save(facts(40)).await.unwrap();
    let both = join_all([store.number_facts(3), store.number_facts(3)]).await;
    assert_eq!(both.into_iter().map(Result::unwrap).sum::<u32>(), 4);
    assert_eq!(store.number_facts(3).await.unwrap(), 0);

    let all = store.record(0, 99).await.unwrap();
    assert_eq!(all.iter().map(|r| r.seq).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
    let written = [10, 11, 20, 21, 30, 31, 40, 41];
    for (recorded, n) in all.iter().zip(written) {
        let fact = fact(n, "house");
        assert_eq!(recorded.header, serde_json::to_vec(&fact.header).unwrap());
        let Payload::Kept { salt, text } = recorded.payload.clone() else { panic!() };
        assert_eq!(salt.len(), 16);
        assert_eq!(text, serde_json::to_vec(&fact.payload).unwrap());
        assert_eq!(Digest::of(&[salt, text].concat()).0, recorded.payload_hash);
    }
    assert_eq!(store.record(6, 1).await.unwrap(), all[6..7]);
}

pub async fn a_head_only_grows(store: &dyn Store) {
    let head = |size| Head {
        size,
        root: [3; 32],
        at: "2026-11-21T12:00:00.123456789Z".parse().unwrap(),
        key: "s1".into(),
        signature: vec![4; 64],
    };
    assert_eq!(store.head().await.unwrap(), None);
    let peaks = [[7; 32], [8; 32]];
    store.sign(&head(4), &peaks[..1]).await.unwrap();
    assert!(is_conflict(&store.sign(&head(4), &peaks).await));
    assert!(is_conflict(&store.sign(&head(3), &peaks).await));
    store.sign(&head(5), &peaks).await.unwrap();
    assert_eq!(store.head().await.unwrap(), Some(head(5)));
    assert_eq!(store.peaks(4).await.unwrap(), Some(vec![[7; 32]]));
    assert_eq!(store.peaks(5).await.unwrap(), Some(peaks.to_vec()));
    assert_eq!(store.peaks(6).await.unwrap(), None);
}

pub async fn words_of_a_thread_come_back_oldest_first(store: &dyn Store) {
    let heard = |at: i64| HeardInThread {
        place: place("C1").key(),
        tenant: tenant(1),
        person: at % 2 == 0,
        words: format!("words {at}"),
        about: vec![person(2)],
        at: minute(at),
        until: minute(1000),
    };
    for at in [1, 2, 3] {
        store.save(Turn { heard: vec![heard(at)], ..Turn::default() }).await.unwrap();
    }
    assert_eq!(store.thread(&place("C1").key(), 2).await.unwrap(), [heard(2), heard(3)]);
    assert_eq!(store.thread(&place("C2").key(), 2).await.unwrap(), []);
}

pub async fn conversations_remember_whom_they_are_with(store: &dyn Store) {
    let met = |at, open| Conversation {
        place: place("D1"),
        with: Some(chat_user()),
        user: Some(user(1)),
        open,
        at: minute(at),
    };
    let older = Conversation { place: place("D0"), ..met(0, true) };
    store
        .save(Turn { conversations: vec![met(1, true), older.clone()], ..Turn::default() })
        .await
        .unwrap();
    assert_eq!(store.conversations(&user(1)).await.unwrap(), [met(1, true), older.clone()]);
    let parted = Conversation { with: None, user: None, ..met(2, false) };
    store.save(Turn { conversations: vec![parted], ..Turn::default() }).await.unwrap();
    store.save(Turn { conversations: vec![met(1, true)], ..Turn::default() }).await.unwrap();
    assert_eq!(store.conversations(&user(1)).await.unwrap(), [met(2, false), older]);
    assert_eq!(store.conversations(&user(2)).await.unwrap(), []);
}

pub async fn the_pause_holds_until_it_is_lifted(store: &dyn Store) {
    assert!(!store.paused().await.unwrap());
    store.pause(true).await.unwrap();
    assert!(store.paused().await.unwrap());
    store.pause(false).await.unwrap();
    assert!(!store.paused().await.unwrap());
}

/// A standing approval until the end of minute 60.
fn standing(n: u128) -> Request {
    let stage = Stage::Succeeded { by: vec![person(3)], at: minute(1) };
    let in_force = Some(InForce { until: minute(60), revoked: None });
    Request { kind: RequestKind::Standing, stage, in_force, due_at: None, ..request(n) }
}

fn used(n: u128, count: u32, at: i64) -> Turn {
    let uses = vec![Use { of: request_id(n), day: minute(0), count, per_day: 3 }];
    Turn { at: minute(at), uses, ..Turn::default() }
}

pub async fn a_standing_approval_is_used_so_often_on_a_day_and_not_after_its_end(
    store: &dyn Store,
) {
    for n in [1, 2, 3] {
        store.save(asked(if n == 3 { request(3) } else { standing(n) })).await.unwrap();
    }
    let listed = |after| async move {
        let all = store.standing(&tenant(1), minute(after), 9).await.unwrap();
        all.iter().map(|request| request.number.0).collect::<Vec<_>>()
    };
    assert_eq!(listed(0).await, [1002, 1001], "newest first; the third was not signed");
    assert_eq!(listed(60).await, Vec::<u64>::new());
    // Of ten at the same instant, three take the three places.
    let ten = join_all((0..10).map(|_| store.save(used(1, 1, 2)))).await;
    assert_eq!(ten.iter().filter(|saved| saved.is_ok()).count(), 3);
    assert!(ten.iter().all(|saved| saved.is_ok() || is_conflict(saved)));
    assert_eq!(store.used(&request_id(1), minute(0)).await.unwrap(), 3);
    assert_eq!(store.used(&request_id(1), minute(1)).await.unwrap(), 0, "another day");
    assert!(is_conflict(&store.save(used(2, 4, 2)).await), "more than a whole day holds");
    store.save(used(2, 2, 2)).await.unwrap();
    assert!(is_conflict(&store.save(used(2, 2, 2)).await), "one too many");
    assert!(is_conflict(&store.save(used(2, 1, 60)).await), "it is over");
    assert!(is_conflict(&store.save(used(3, 1, 2)).await), "it is none");
    let mut revoked = saved(store, 2).await;
    let until = minute(60);
    revoked.in_force =
        Some(InForce { until, revoked: Some(Revoked { by: Some(person(3)), at: minute(3) }) });
    let version = revoked.version;
    let turn = Turn { at: minute(3), requests: vec![(revoked, Some(version))], ..Turn::default() };
    store.save(turn).await.unwrap();
    assert!(is_conflict(&store.save(used(2, 1, 4)).await), "it is revoked");
    assert_eq!(store.used(&request_id(2), minute(0)).await.unwrap(), 2);
    assert_eq!(listed(0).await, [1002, 1001], "revoked ones are among them");
}

fn row(n: u128, state: Request) -> Request {
    Request { id: request_id(n), parent: Some((request_id(1), Relation::Item)), ..state }
}

pub async fn rows_of_a_batch_are_found_by_it_and_claimed_after_everything_else(store: &dyn Store) {
    let batch = Request { kind: RequestKind::Batch, subjects: Vec::new(), ..approved(1) };
    let early = Some(minute(0));
    let rows = [2, 3].map(|n| row(n, Request { due_at: early, ..approved(n) }));
    let (waits, plan) = pending(4);
    let waits = Request { due_at: None, ..row(4, waits) };
    let mut turn = asked(batch);
    turn.requests.extend(rows.into_iter().chain([waits]).map(|row| (row, None)));
    turn.revisions.push(plan);
    store.save(turn).await.unwrap();
    store.save(asked(approved(5))).await.unwrap();
    let numbers = |rows: Vec<Request>| rows.iter().map(|r| r.number.0).collect::<Vec<_>>();
    let of = |state, after, limit| async move {
        numbers(store.rows(&request_id(1), state, Number(after), limit).await.unwrap())
    };
    assert_eq!(of(None, 0, 9).await, [1002, 1003, 1004]);
    assert_eq!(of(None, 1002, 1).await, [1003]);
    assert_eq!(of(Some("pending"), 0, 9).await, [1004]);
    assert_eq!(store.rows(&request_id(2), None, Number(0), 9).await.unwrap(), []);
    let states = store.row_states(&request_id(1)).await.unwrap();
    assert_eq!(
        states.states.into_iter().collect::<Vec<_>>(),
        [("approved".to_owned(), 2), ("pending".to_owned(), 1)]
    );
    let place = request(1).origin.place.key();
    assert_eq!(numbers(store.made_in(&place, 9).await.unwrap()), [1005, 1001]);
    assert_eq!(numbers(store.open(&tenant(1), None, 9).await.unwrap()), [1005, 1001]);
    assert_eq!(numbers(store.open(&tenant(1), Some(&user(2)), 9).await.unwrap()).len(), 4);
    let claimed = async || store.claim(minute(5), minute(6)).await.unwrap().map(|(r, _)| r.id);
    let first: Vec<_> = [claimed().await, claimed().await].into_iter().flatten().collect();
    assert!(first.contains(&request_id(1)) && first.contains(&request_id(5)), "{first:?}");
    let (one, lease) = store.claim(minute(5), minute(6)).await.unwrap().unwrap();
    assert!(one.is_row());
    let back = Turn { lease: Some(lease), release: true, ..changed(one.clone()) };
    store.save(back).await.unwrap();
    let (second, lease) = store.claim(minute(5), minute(6)).await.unwrap().unwrap();
    assert_ne!(second.id, one.id, "a row that was never taken up comes before one that was");
    assert_eq!(claimed().await, None, "nobody's rest while another's first turn goes on");
    let back = Turn { lease: Some(lease), release: true, ..changed(second.clone()) };
    store.save(back).await.unwrap();
    // Both are due since the same instant.
    let then = [claimed().await, claimed().await];
    let both = then.contains(&Some(one.id)) && then.contains(&Some(second.id));
    assert!(both, "a second turn holds back nobody: {then:?}");
}

fn counted(n: u128, people: u32, at: i64, most: Option<u32>) -> Turn {
    let counted = Counted {
        requester: user(n),
        people,
        window: minute(at),
        since: minute(at - 60),
        most,
        most_each: None,
    };
    Turn { at: minute(at), counted: vec![counted], ..Turn::default() }
}

pub async fn people_are_counted_within_a_time_and_of_ten_at_once_none_slips_under(
    store: &dyn Store,
) {
    let ten = join_all((0..10).map(|n| store.save(counted(n % 2 + 1, 3, 100, Some(10))))).await;
    assert_eq!(ten.iter().filter(|saved| saved.is_ok()).count(), 3, "three times three of ten");
    assert!(ten.iter().all(|saved| saved.is_ok() || is_conflict(saved)));
    let (all, _) = store.counted(&user(1), minute(40)).await.unwrap();
    assert_eq!(all, 9);
    assert!(
        is_conflict(&store.save(counted(1, 2, 110, Some(10))).await),
        "another window, one hour"
    );
    store.save(counted(1, 2, 110, None)).await.unwrap();
    let (all, of_first) = store.counted(&user(1), minute(50)).await.unwrap();
    let (_, of_second) = store.counted(&user(2), minute(50)).await.unwrap();
    assert_eq!((all, of_first + of_second), (11, 11), "what was held back counts too");
    assert_eq!(store.counted(&user(1), minute(100)).await.unwrap().0, 2, "the hour moved on");
    store.save(counted(2, 8, 165, Some(10))).await.unwrap();
}

fn sign_in(n: u8, by: &ChatUser) -> SignIn {
    SignIn {
        id: Digest([n; 32]),
        tenant: tenant(1),
        by: by.clone(),
        name: "Pat".to_owned(),
        place: place("D1"),
        purpose: Purpose::Link,
        stage: SignInStage::Asked,
        until: minute(10),
        version: 0,
    }
}

fn signing_in(sign_in: SignIn, version: Option<u64>) -> Turn {
    Turn { at: minute(1), sign_ins: vec![(sign_in, version)], ..Turn::default() }
}

pub async fn a_sign_in_is_moved_on_by_one_and_a_newer_one_takes_its_place(store: &dyn Store) {
    let by = chat_user();
    store.save(signing_in(sign_in(1, &by), None)).await.unwrap();
    let token = Digest([1; 32]);
    let found = store.sign_in(SignInKey::Token(&token), minute(9)).await.unwrap().unwrap();
    assert_eq!(found, SignIn { version: 1, ..sign_in(1, &by) });
    assert_eq!(
        store.sign_in(SignInKey::LinkOf(&by), minute(9)).await.unwrap(),
        Some(found.clone())
    );
    assert_eq!(store.sign_in(SignInKey::Token(&token), minute(10)).await.unwrap(), None, "over");
    let state = Digest([7; 32]);
    let gone = Going { state, browser: Digest([8; 32]) };
    let (nonce, verifier) = ("n".to_owned(), "v".to_owned());
    let on_its_way = SignInStage::Gone { gone, nonce, verifier };
    let moved = SignIn { stage: on_its_way, ..found.clone() };
    store.save(signing_in(moved.clone(), Some(1))).await.unwrap();
    assert!(is_conflict(&store.save(signing_in(moved.clone(), Some(1))).await), "moved already");
    let back = store.sign_in(SignInKey::State(&state), minute(9)).await.unwrap().unwrap();
    assert_eq!(back, SignIn { version: 2, ..moved });
    // A newer one of the same account for the same.
    store.save(signing_in(sign_in(2, &by), None)).await.unwrap();
    assert_eq!(store.sign_in(SignInKey::State(&state), minute(9)).await.unwrap(), None);
    store
        .save(signing_in(sign_in(3, &ChatUser { id: "U2".into(), ..chat_user() }), None))
        .await
        .unwrap();
    let newer = store.sign_in(SignInKey::LinkOf(&by), minute(9)).await.unwrap().unwrap();
    assert_eq!(newer.id, Digest([2; 32]));
    let over =
        |one: &SignIn| Turn { at: minute(2), sign_ins_over: vec![one.clone()], ..Turn::default() };
    store.save(over(&newer)).await.unwrap();
    assert!(is_conflict(&store.save(over(&newer)).await), "used once");
    assert_eq!(store.sweep(minute(11)).await.unwrap(), 1, "the other account's");
}

pub async fn a_chat_account_is_one_person_at_a_time_and_who_it_was_is_remembered(
    store: &dyn Store,
) {
    let account = chat_user();
    let link = |n: u128| IdentityLink { chat: account.clone(), user: person(n), at: minute(1) };
    let unlinked = |link| Linking::Unlinked { link, places: vec![place("D1").key()] };
    let own = Conversation {
        place: place("D1"),
        with: Some(account.clone()),
        user: Some(user(1)),
        open: true,
        at: minute(1),
    };
    store.save(Turn { conversations: vec![own], ..Turn::default() }).await.unwrap();
    let linking = |one: Linking, at| Turn { at: minute(at), linking: vec![one], ..Turn::default() };
    store.save(linking(Linking::Linked(link(1)), 1)).await.unwrap();
    assert_eq!(store.identity(&tenant(1), &account).await.unwrap(), Some(link(1)));
    assert_eq!(store.identity(&tenant(2), &account).await.unwrap(), None, "another directory");
    for n in [1, 2] {
        let again = store.save(linking(Linking::Linked(link(n)), 2)).await;
        assert!(is_conflict(&again), "it is somebody's: {n}");
    }
    store.save(linking(unlinked(link(1)), 3)).await.unwrap();
    assert!(is_conflict(&store.save(linking(unlinked(link(1)), 3)).await), "no more");
    assert_eq!(store.identity(&tenant(1), &account).await.unwrap(), None);
    assert_eq!(store.conversations(&user(1)).await.unwrap(), [], "what was theirs is nobody's");
    assert_eq!(store.shared_with(&user(1)).await.unwrap(), []);
    store.save(linking(Linking::Linked(link(2)), 4)).await.unwrap();
    assert_eq!(store.identities(&tenant(1), 9).await.unwrap(), [link(2)]);
    assert_eq!(store.shared_with(&user(1)).await.unwrap(), [user(2)]);
    assert_eq!(store.shared_with(&user(2)).await.unwrap(), [user(1)]);
    assert_eq!(store.shared_with(&user(3)).await.unwrap(), []);
    store.save(linking(unlinked(link(2)), 5)).await.unwrap();
    store.save(linking(Linking::Linked(link(1)), 6)).await.unwrap();
    assert_eq!(store.identity(&tenant(1), &account).await.unwrap(), Some(link(1)), "anew");
}
