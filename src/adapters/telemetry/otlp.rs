//! Spans as a collector takes them: OTLP 1 in its JSON form
//! (`opentelemetry.io/docs/specs/otlp`, "JSON Protobuf Encoding"): ids in hexadecimal digits, 64-bit
//! numbers as texts.

use serde_json::{Value, json};

use super::layer::{Open, Said};

/// A span of a server, of a client, or of neither (`SpanKind`).
fn kind(name: &str) -> u8 {
    match name {
        "delivery" => 2,
        "microsoft" | "message" | "card" => 3,
        _ => 1,
    }
}

/// The body of one post.
pub fn body(spans: &[Open]) -> Value {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({ "resourceSpans": [{
        "resource": { "attributes": [
            attribute("service.name", &Said::Text("countersign".to_owned())),
            attribute("service.version", &Said::Text(env!("CARGO_PKG_VERSION").to_owned())),
        ] },
        "scopeSpans": [{ "scope": { "name": "countersign" }, "spans": spans }],
    }] })
}

fn span(open: &Open) -> Value {
    let attributes: Vec<Value> = open
        .said
        .iter()
        .map(|(name, said)| attribute(&format!("countersign.{name}"), said))
        .collect();
    let mut span = json!({
        "traceId": hex::encode(open.trace),
        "spanId": hex::encode(open.span),
        "name": open.name,
        "kind": kind(open.name),
        "startTimeUnixNano": open.began.to_string(),
        "endTimeUnixNano": open.ended.to_string(),
        "attributes": attributes,
    });
    if let Some(parent) = open.parent {
        span["parentSpanId"] = hex::encode(parent).into();
    }
    span
}

fn attribute(key: &str, said: &Said) -> Value {
    let value = match said {
        Said::Text(text) => json!({ "stringValue": text }),
        Said::Number(number) => json!({ "intValue": number.to_string() }),
    };
    json!({ "key": key, "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_as_the_specification_shows_it() {
        let open = Open {
            trace: [0x5b; 16],
            span: [0xee; 8],
            parent: Some([0x01; 8]),
            name: "microsoft",
            began: 1_544_712_660_000_000_000,
            ended: 1_544_712_661_000_000_000,
            said: vec![("status", Said::Number(200)), ("service", Said::Text("graph".into()))],
        };
        let body = body(&[open]);
        let span = &body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
        assert_eq!(
            *span,
            json!({
                "traceId": "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b",
                "spanId": "eeeeeeeeeeeeeeee",
                "parentSpanId": "0101010101010101",
                "name": "microsoft",
                "kind": 3,
                "startTimeUnixNano": "1544712660000000000",
                "endTimeUnixNano": "1544712661000000000",
                "attributes": [
                    { "key": "countersign.status", "value": { "intValue": "200" } },
                    { "key": "countersign.service", "value": { "stringValue": "graph" } },
                ],
            })
        );
    }
}
