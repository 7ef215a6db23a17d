//! Hears of every span, keeps what it may say, and hands it on when it ends.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use tokio::sync::mpsc;
use tracing::{
    Metadata, Subscriber, callsite,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, Filter},
    registry::LookupSpan,
};

use super::ids::{self, SpanId, TraceId};
use crate::ports::{
    clock::Clock,
    trace::{FIELDS, SPANS},
};

/// A text of a span has at most so many characters.
const TEXT_MAX: usize = 64;

/// What a span says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A name or an id of ours.
    Text(String),
    /// A number or a count.
    Number(i64),
}

/// A span that has begun.
#[derive(Debug, Clone)]
pub struct Open {
    /// Its trace.
    pub trace: TraceId,
    /// Its id.
    pub span: SpanId,
    /// The span it is part of.
    pub parent: Option<SpanId>,
    /// Its name.
    pub name: &'static str,
    /// When it began, in nanoseconds since 1970.
    pub began: i128,
    /// When it was last worked on. A span may be kept open by what it started.
    pub ended: i128,
    /// What it says.
    pub said: Vec<(&'static str, Said)>,
}

/// Hears of spans as soon as it is told where to: until then none are made.
#[derive(Clone, Default)]
pub struct Spans {
    on: Arc<OnceLock<On>>,
}

/// Where spans go that ended, and what tells the time.
struct On {
    to: mpsc::Sender<Open>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("spans on their way to a collector")
    }
}

impl Spans {
    /// Those of this process, as its log is one for all of it.
    pub fn of_process() -> &'static Self {
        static ONE: OnceLock<Spans> = OnceLock::new();
        ONE.get_or_init(Self::default)
    }

    /// From now on spans are made, and handed on there when they end. What does not fit is
    /// dropped: nobody waits for a collector. Only the first time counts.
    pub fn switch_on(&self, to: mpsc::Sender<Open>, clock: Arc<dyn Clock>) {
        let _was_on = self.on.set(On { to, clock });
        callsite::rebuild_interest_cache();
    }

    /// For a subscriber: hears of our spans, and of nothing else that is logged.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        self.clone().with_filter(OnlySpans(self.clone()))
    }
}

impl On {
    fn now(&self) -> i128 {
        self.clock.now().as_nanosecond()
    }

    fn chance<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.clock.fill(&mut bytes);
        // All nothing is no id.
        bytes[0] |= 1;
        bytes
    }
}

/// Only our spans, and only when somebody wants them.
struct OnlySpans(Spans);

impl OnlySpans {
    fn wants(&self, of: &Metadata<'_>) -> bool {
        self.0.on.get().is_some() && of.is_span() && of.target() == SPANS
    }
}

impl<S> Filter<S> for OnlySpans {
    fn enabled(&self, of: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.wants(of)
    }

    fn callsite_enabled(&self, of: &'static Metadata<'static>) -> Interest {
        if self.wants(of) { Interest::always() } else { Interest::never() }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let (Some(span), Some(on)) = (context.span(id), self.on.get()) else { return };
        let mut heard = Heard::default();
        attributes.record(&mut heard);
        let above = span.parent().and_then(|above| {
            let extensions = above.extensions();
            extensions.get::<Open>().map(|open| (open.trace, open.span))
        });
        let above = above.or_else(|| ids::read(heard.parent.as_deref()?));
        let own_trace = || heard.request().unwrap_or_else(|| on.chance());
        let (trace, parent) =
            above.map_or_else(|| (own_trace(), None), |(trace, parent)| (trace, Some(parent)));
        let began = on.now();
        span.extensions_mut().insert(Open {
            trace,
            span: on.chance(),
            parent,
            name: attributes.metadata().name(),
            began,
            ended: began,
            said: heard.said,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut heard = Heard::default();
        values.record(&mut heard);
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            for (name, said) in heard.said {
                open.said.retain(|(earlier, _)| *earlier != name);
                open.said.push((name, said));
            }
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let (Some(span), Some(on)) = (context.span(id), self.on.get()) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            open.ended = on.now();
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let (Some(span), Some(on)) = (context.span(&id), self.on.get()) else { return };
        if let Some(open) = span.extensions_mut().remove::<Open>() {
            // A collector that is slow or gone costs spans, and nothing else.
            let _dropped = on.to.try_send(open);
        }
    }
}

/// What a span says, as far as it may.
#[derive(Default)]
struct Heard {
    said: Vec<(&'static str, Said)>,
    parent: Option<String>,
}

impl Heard {
    fn take(&mut self, field: &Field, said: Said) {
        match (field.name(), said) {
            ("parent", Said::Text(text)) => self.parent = Some(text),
            (name, said) if FIELDS.contains(&name) && may_be_said(&said) => {
                self.said.push((name, said));
            }
            _ => {}
        }
    }

    /// The trace of the request that this is about.
    fn request(&self) -> Option<TraceId> {
        let named = self.said.iter().find(|(name, _)| *name == "request");
        let Some((_, Said::Text(id))) = named else { return None };
        Some(*id.parse::<uuid::Uuid>().ok()?.as_bytes())
    }
}

/// Names and ids of ours have neither blanks nor `@`; what has, got here by mistake.
fn may_be_said(said: &Said) -> bool {
    match said {
        Said::Number(_) => true,
        Said::Text(text) => {
            text.len() <= TEXT_MAX
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
        }
    }
}

impl Visit for Heard {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, Said::Number(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, Said::Number(i64::try_from(value).unwrap_or(i64::MAX)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, Said::Text(value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, Said::Text(format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use tracing::info_span;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::adapters::clock::SystemClock;

    fn traced(work: impl FnOnce()) -> Vec<Open> {
        let (to, mut from) = mpsc::channel(16);
        let spans = Spans::default();
        let all = tracing_subscriber::registry().with(spans.layer());
        tracing::subscriber::with_default(all, || {
            spans.switch_on(to, Arc::new(SystemClock));
            work();
        });
        std::iter::from_fn(|| from.try_recv().ok()).collect()
    }

    #[test]
    fn a_span_says_what_has_a_field_and_nothing_else() {
        let ended = traced(|| {
            let span = info_span!(
                target: SPANS, "call", service = "graph", status = tracing::field::Empty,
                user = "john.doe", step = "john doe", method = "a@contoso.com"
            );
            span.record("status", 200_u16);
            drop(info_span!(target: "elsewhere", "other", service = "graph"));
        });
        let said = [("service", Said::Text("graph".into())), ("status", Said::Number(200))];
        assert_eq!(ended.len(), 1, "{ended:?}");
        assert_eq!(ended[0].said, said);
    }

    #[test]
    fn a_request_s_spans_lie_in_its_own_trace_and_a_delivery_s_where_it_came_from() {
        let request = uuid::Uuid::from_u128(7 << 64);
        let header = ids::written(&[9; 16], &[5; 8]);
        let ended = traced(|| {
            let run = info_span!(target: SPANS, "run", request = %request);
            run.in_scope(|| drop(info_span!(target: SPANS, "call")));
            drop(run);
            drop(info_span!(target: SPANS, "delivery", parent = header));
        });
        let [call, run, delivery] = &ended[..] else { panic!("{ended:?}") };
        assert_eq!((&run.trace, run.parent), (request.as_bytes(), None));
        assert_eq!((call.trace, call.parent), (run.trace, Some(run.span)));
        assert_eq!((delivery.trace, delivery.parent), ([9; 16], Some([5; 8])));
        assert!(delivery.said.is_empty(), "{delivery:?}");
    }
}
