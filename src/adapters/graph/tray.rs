//! Reads of the same moment share their batches, whoever asks: what is looked at for the
//! steps of a plan, what is kept of somebody, whose signature still counts.
//!
//! Whoever asks first waits until everybody else who is about to ask has asked, takes all of
//! it along, and hands the answers out. Nobody waits for a clock. So many may be on their way
//! at once; whatever is asked while all are goes along with the next. What is asked twice in one
//! moment is asked of the service once.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures::future::join_all;
use tokio::sync::{Semaphore, oneshot};

/// What waits for the next batch.
pub(crate) struct Tray<Q, A> {
    waiting: Mutex<Vec<(Q, Vec<oneshot::Sender<A>>)>>,
    on_their_way: Semaphore,
}

/// An answer that more than one may have asked for.
pub(crate) trait Twice {
    /// The same once more; of an error, its words.
    fn twice(&self) -> Self;
}

impl<Q, A> Tray<Q, A> {
    fn lock(&self) -> MutexGuard<'_, Vec<(Q, Vec<oneshot::Sender<A>>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who went to ask for all, and has not yet. When they are dropped, all that waits is.
struct Errand<'a, Q, A>(&'a Tray<Q, A>);

impl<Q, A> Drop for Errand<'_, Q, A> {
    fn drop(&mut self) {
        self.0.lock().clear();
    }
}

impl<Q: PartialEq, A: Twice> Tray<Q, A> {
    /// Nothing waits. `at_once`: so many are on their way, at least one.
    pub fn new(at_once: usize) -> Self {
        Self { waiting: Mutex::default(), on_their_way: Semaphore::new(at_once.max(1)) }
    }

    /// Asks, together with all that is asked in this moment, at most `most` at once. One answer
    /// for each, in order; `None` when whoever asked for all went away.
    pub async fn ask<F>(
        &self,
        asked: Vec<Q>,
        most: usize,
        answers: impl Fn(Vec<Q>) -> F,
    ) -> Vec<Option<A>>
    where
        F: Future<Output = Vec<A>>,
    {
        let (told, first) = self.put(asked);
        if first {
            let errand = Errand(self);
            let _place = self.on_their_way.acquire().await.expect("never closed");
            tokio::task::yield_now().await;
            let all = std::mem::take(&mut *self.lock());
            drop(errand);
            let mut all = all.into_iter().peekable();
            let mut parts = Vec::new();
            while all.peek().is_some() {
                let (asked, tellers): (Vec<Q>, Vec<_>) = all.by_ref().take(most).unzip();
                let answers = answers(asked);
                parts.push(async move {
                    for (mut tellers, answer) in tellers.into_iter().zip(answers.await) {
                        let last = tellers.pop();
                        // Nobody listens any more: then nobody needs it.
                        for teller in tellers {
                            let _unheard = teller.send(answer.twice());
                        }
                        let _unheard = last.map(|teller| teller.send(answer));
                    }
                });
            }
            join_all(parts).await;
        }
        join_all(told).await.into_iter().map(Result::ok).collect()
    }

    /// Puts these with what waits. True: nothing waited before.
    fn put(&self, asked: Vec<Q>) -> (Vec<oneshot::Receiver<A>>, bool) {
        let mut waiting = self.lock();
        let first = waiting.is_empty();
        let one = |ask| {
            let (teller, told) = oneshot::channel();
            match waiting.iter_mut().find(|(known, _)| *known == ask) {
                Some((_, tellers)) => tellers.push(teller),
                None => waiting.push((ask, vec![teller])),
            }
            told
        };
        let told: Vec<_> = asked.into_iter().map(one).collect();
        let goes = first && !told.is_empty();
        (told, goes)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    impl Twice for u32 {
        fn twice(&self) -> Self {
            *self
        }
    }

    #[tokio::test]
    async fn what_two_ask_in_one_moment_is_asked_once() {
        let (tray, asked) = (Tray::new(4), AtomicUsize::new(0));
        let ask = |wanted: Vec<u32>| {
            tray.ask(wanted, 4, |all: Vec<u32>| {
                asked.fetch_add(all.len(), Ordering::Relaxed);
                async move { all.into_iter().map(|one| one * 10).collect() }
            })
        };
        let (one, two) = futures::join!(ask(vec![1, 2, 1]), ask(vec![2, 3]));
        assert_eq!(one, vec![Some(10), Some(20), Some(10)]);
        assert_eq!(two, vec![Some(20), Some(30)]);
        assert_eq!(asked.load(Ordering::Relaxed), 3);
        assert_eq!(ask(vec![1]).await, vec![Some(10)], "later it is asked anew");
        assert_eq!(asked.load(Ordering::Relaxed), 4);
    }

    #[tokio::test]
    async fn what_is_asked_in_one_moment_is_one_batch_and_each_gets_its_own_answers() {
        let (tray, batches) = (Tray::new(4), AtomicUsize::new(0));
        let ask = |asked: Vec<u32>| {
            tray.ask(asked, 4, |all: Vec<u32>| {
                batches.fetch_add(1, Ordering::Relaxed);
                async move { all.into_iter().map(|one| one * 10).collect() }
            })
        };
        let (one, two, none) = futures::join!(ask(vec![1, 2]), ask(vec![3]), ask(Vec::new()));
        assert_eq!((one, two), (vec![Some(10), Some(20)], vec![Some(30)]));
        assert!(none.is_empty());
        assert_eq!(batches.load(Ordering::Relaxed), 1);
        let many = ask((0..9).collect()).await;
        assert_eq!(many.len(), 9);
        assert_eq!(batches.load(Ordering::Relaxed), 4, "nine are three batches of four");
    }

    #[tokio::test]
    async fn what_is_asked_while_all_are_on_their_way_is_one_batch() {
        let (tray, batches) = (Tray::new(1), AtomicUsize::new(0));
        let (answered, far) = tokio::sync::watch::channel(false);
        let (tray, count) = (&tray, &batches);
        let ask = |one: u32| {
            let far = far.clone();
            tray.ask(vec![one], 10, move |all: Vec<u32>| {
                count.fetch_add(1, Ordering::Relaxed);
                let mut far = far.clone();
                async move {
                    far.wait_for(|answered| *answered).await.expect("somebody answers");
                    all
                }
            })
        };
        let mut first = Box::pin(ask(1));
        // Its errand, then its yield, then its answer: it is on its way.
        for _ in 0..3 {
            assert!(futures::poll!(&mut first).is_pending());
        }
        let mut others: Vec<_> = (2..8).map(|one| Box::pin(ask(one))).collect();
        for other in &mut others {
            assert!(futures::poll!(other).is_pending());
        }
        answered.send_replace(true);
        assert_eq!(first.await, vec![Some(1)]);
        let all = join_all(others).await;
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|one| one[0].is_some()));
        assert_eq!(batches.load(Ordering::Relaxed), 2, "one, and all others together");
    }

    #[tokio::test]
    async fn whoever_goes_away_leaves_nobody_waiting() {
        let tray: Tray<u32, u32> = Tray::new(4);
        let ask = || tray.ask(vec![1], 4, |all| async move { all });
        let mut first = Box::pin(ask());
        assert!(futures::poll!(&mut first).is_pending());
        let mut second = Box::pin(ask());
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        assert_eq!(second.await, vec![None], "asked in vain");
        assert_eq!(ask().await, vec![Some(1)], "the next one goes itself");
    }
}
