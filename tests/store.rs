//! One contract for every store: what the port promises, and both of ours keep.

#[path = "support/memory_store.rs"]
mod memory_store;
#[path = "support/postgres_room.rs"]
mod postgres_room;
#[path = "support/store_cast.rs"]
mod store_cast;

#[path = "store/contract.rs"]
mod contract;
#[path = "store/copy.rs"]
mod copy;
#[path = "store/postgres.rs"]
mod postgres;
#[path = "store/sqlite.rs"]
mod sqlite;

use memory_store::{Crash, MemoryStore};

/// Each function of the contract is a test of each store.
macro_rules! keeps {
    ($($promise:ident)*) => {
        mod in_memory {
            $(#[tokio::test]
            async fn $promise() {
                super::contract::$promise(&super::MemoryStore::default()).await;
            })*
        }
        mod in_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let (_folder, store) = super::sqlite::fresh().await;
                super::contract::$promise(&store).await;
            })*
        }
        mod in_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs the PostgreSQL server of scripts/test.sh"]
            async fn $promise() {
                super::contract::$promise(&super::postgres::fresh(false).await).await;
            })*
        }
        mod in_postgres_behind_a_pooler {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs the PostgreSQL server of scripts/test.sh"]
            async fn $promise() {
                super::contract::$promise(&super::postgres::fresh(true).await).await;
            })*
        }
    };
}

keeps! {
    a_new_request_gets_the_next_number_of_its_tenant
    a_whole_turn_comes_back_as_it_was_saved
    the_second_of_two_writers_of_one_version_is_refused
    a_turn_that_fails_leaves_nothing_behind
    a_repeated_delivery_gets_the_answer_that_was_given
    a_delivery_that_was_acknowledged_waits_until_it_is_handled
    one_bad_turn_among_fifty_good_ones_fails_alone
    a_plan_revision_is_written_once
    one_person_votes_once_on_a_revision
    a_step_needs_its_revision
    open_requests_are_found_by_subject_newest_first
    two_claimers_never_get_the_same_request
    a_lease_that_expired_is_lost_to_the_next_claimer
    a_lease_given_back_is_no_lease
    only_what_is_signed_and_due_is_claimed
    requests_past_their_time_are_overdue
    a_resource_has_one_holder
    a_secret_moves_into_its_link_and_opens_once
    a_link_past_its_time_opens_nothing
    what_a_message_says_in_the_end_waits_for_its_time
    opening_a_link_takes_back_what_its_message_would_have_said
    a_link_that_a_newer_one_replaces_opens_no_more
    whoever_was_shown_a_plan_is_remembered_until_the_request_is_over
    what_is_past_its_time_is_swept
    a_message_is_handed_out_to_one_teller_and_again_when_he_is_gone
    messages_to_one_conversation_keep_their_order
    what_was_not_tried_comes_again_and_is_no_try
    a_message_that_cannot_be_said_is_parked
    a_copy_that_was_wanted_anew_while_it_was_drawn_stays_stale
    a_card_whose_earlier_drawing_may_arrive_late_is_drawn_once_more
    a_card_that_an_answer_shows_is_drawn_once_more_when_the_answer_has_arrived
    a_copy_keeps_the_message_it_became
    the_next_instant_is_the_earliest_of_all
    what_somebody_had_is_kept_as_it_was_first_seen_until_its_time
    facts_are_numbered_without_gaps_in_the_order_they_were_written
    a_head_only_grows
    words_of_a_thread_come_back_oldest_first
    conversations_remember_whom_they_are_with
    the_pause_holds_until_it_is_lifted
    rows_of_a_batch_are_found_by_it_and_claimed_after_everything_else
    people_are_counted_within_a_time_and_of_ten_at_once_none_slips_under
    a_standing_approval_is_used_so_often_on_a_day_and_not_after_its_end
    a_sign_in_is_moved_on_by_one_and_a_newer_one_takes_its_place
    a_chat_account_is_one_person_at_a_time_and_who_it_was_is_remembered
}

#[tokio::test]
async fn the_store_in_memory_crashes_on_command() {
    use countersign::ports::store::{Store as _, StoreError};
    use store_cast::{asked, request, request_id};

    let store = MemoryStore::default();
    store.crash_at(2, Crash::Before);
    store.save(asked(request(1))).await.unwrap();
    assert!(matches!(store.save(asked(request(2))).await, Err(StoreError::Broken(_))));
    assert_eq!(store.request(&request_id(2)).await.unwrap(), None);

    store.crash_at(1, Crash::After);
    assert!(matches!(store.save(asked(request(3))).await, Err(StoreError::Broken(_))));
    assert!(store.request(&request_id(3)).await.unwrap().is_some());
    assert_eq!(store.saves(), 3);
    assert_eq!(*store.changed().borrow(), 2);
}
