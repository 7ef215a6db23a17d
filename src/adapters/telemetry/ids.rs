//! Ids of traces and spans, as the W3C's trace context writes them
//! (`w3.org/TR/trace-context`, version 00).

use tracing::{Span, dispatcher};
use tracing_subscriber::{Registry, registry::LookupSpan as _};

use super::layer::Open;

/// Of a trace: sixteen bytes, not all nothing.
pub type TraceId = [u8; 16];
/// Of a span: eight bytes, not all nothing.
pub type SpanId = [u8; 8];

/// Reads `00-<trace>-<span>-<flags>`; none when it is not written exactly so.
pub fn read(header: &str) -> Option<(TraceId, SpanId)> {
    let mut parts = header.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_plain = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let whole = parts.next().is_none() && version == "00" && flags.len() == 2 && is_plain(flags);
    if !whole || !is_plain(trace) || !is_plain(span) {
        return None;
    }
    let trace: TraceId = hex::decode(trace).ok()?.try_into().ok()?;
    let span: SpanId = hex::decode(span).ok()?.try_into().ok()?;
    (trace != TraceId::default() && span != SpanId::default()).then_some((trace, span))
}

/// As a header has it.
pub fn written(trace: &TraceId, span: &SpanId) -> String {
    format!("00-{}-{}-01", hex::encode(trace), hex::encode(span))
}

/// The trace context of the span that this runs in, for a call out; none when nothing is traced.
pub fn traceparent() -> Option<String> {
    let id = Span::current().id()?;
    dispatcher::get_default(|all| {
        let registry = all.downcast_ref::<Registry>()?;
        let span = registry.span(&id)?;
        let extensions = span.extensions();
        let open = extensions.get::<Open>()?;
        Some(written(&open.trace, &open.span))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_context_is_read_as_it_is_written_and_nothing_else_is() {
        let (trace, span) = ([0xab; 16], [7; 8]);
        let header = written(&trace, &span);
        assert_eq!(read(&header), Some((trace, span)));
        for wrong in [
            "",
            "00",
            &header[..54],
            &format!("{header}-00"),
            &header.to_uppercase(),
            &header.replacen("00-", "01-", 1),
            "00-00000000000000000000000000000000-0707070707070707-01",
            "00-abababababababababababababababab-0000000000000000-01",
            "00-abababababababababababababababab-070707070707070é-01",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
