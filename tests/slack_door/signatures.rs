//! Forged, stale and altered requests.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use countersign::{
    adapters::slack::{
        door::{Kind, SlackDoor},
        payload::Decoded,
        signature::{BODY_BYTES_MAX, DoorRefusal, NoSecret, SigningSecrets},
    },
    ports::clock::Clock,
    sim::slack::{Setup, Workspace},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::stage::{Stage, Standing, installed, secrets, soon, wire};

const TIMESTAMP: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";

/// A request as it would reach the door.
#[derive(Clone)]
struct Request {
    kind: Kind,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Request {
    fn signed(kind: Kind, body: &str, at: Timestamp) -> Self {
        let slack = Workspace::new(Setup::contoso(Standing::new()));
        let [timestamp, signature] = slack.sign(body.as_bytes(), at);
        let headers =
            vec![(TIMESTAMP, timestamp.1.into_bytes()), (SIGNATURE, signature.1.into_bytes())];
        Self { kind, headers, body: body.as_bytes().to_vec() }
    }

    fn header(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.headers.iter_mut().find(|(one, _)| *one == name).unwrap().1
    }

    fn knock(&self, door: &SlackDoor, now: Timestamp) -> Result<Decoded, DoorRefusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        }
        let body = Bytes::from(self.body.clone());
        door.read_http(self.kind, &headers, &body, now)
            .map(countersign::adapters::slack::door::FromSlack::into_decoded)
    }
}

fn form(fields: &Value) -> String {
    let pairs =
        fields.as_object().unwrap().iter().map(|(name, value)| (name, value.as_str().unwrap()));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn payload(value: &Value) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &value.to_string())
        .finish()
}

fn good(at: Timestamp) -> Vec<Request> {
    vec![
        Request::signed(Kind::Events, &wire("message_im").to_string(), at),
        Request::signed(Kind::Interactions, &payload(&wire("block_actions")), at),
        Request::signed(Kind::Commands, &form(&wire("command")), at),
    ]
}

fn door() -> SlackDoor {
    SlackDoor::over_http(secrets(), installed())
}

/// xorshift64*: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % n
    }
}

/// One way to spoil a good request.
#[expect(clippy::too_many_lines, reason = "a list of sixteen ways")]
fn spoil(request: &mut Request, dice: &mut Dice) -> &'static str {
    let other = |dice: &mut Dice| u8::try_from(dice.below(255)).unwrap() + 1;
    match dice.below(16) {
        0 => {
            let at = dice.below(request.body.len());
            request.body[at] ^= other(dice);
            "a byte of the body flipped"
        }
        1 => {
            let signature = request.header(SIGNATURE);
            let at = 3 + dice.below(signature.len() - 3);
            signature[at] = if signature[at] == b'0' { b'1' } else { b'0' };
            "a digit of the signature changed"
        }
        2 => {
            let timestamp = request.header(TIMESTAMP);
            let at = timestamp.len() - 1 - dice.below(2);
            timestamp[at] = if timestamp[at] == b'0' { b'1' } else { b'0' };
            "a digit of the timestamp changed"
        }
        3 => {
            request.body.extend_from_slice(b"&extra=1");
            "an extra parameter"
        }
        4 => {
            let text = String::from_utf8(request.body.clone()).unwrap();
            let again = text.replace("%22", "\"").replace("%2F", "/").replace("\":\"", "\": \"");
            request.body = if again == text { format!(" {text}") } else { again }.into_bytes();
            "the body encoded again"
        }
        5 => {
            let signature = request.header(SIGNATURE);
            let prefix = [&b"v1="[..], b"V0=", b"v0 =", b"sha256=", b"v00=", b""][dice.below(6)];
            *signature = [prefix, &signature[3..]].concat();
            "another prefix"
        }
        6 => {
            let signature = request.header(SIGNATURE);
            // The prefix stays in lower case; a signature without a letter has no upper case.
            let upper = signature[3..].to_ascii_uppercase();
            if upper == signature[3..] {
                signature.push(b'0');
            } else {
                signature.truncate(3);
                signature.extend(upper);
            }
            "upper-case hex"
        }
        7 => {
            let name = [SIGNATURE, TIMESTAMP][dice.below(2)];
            request.header(name).clear();
            "an empty header"
        }
        8 => {
            let name = [SIGNATURE, TIMESTAMP][dice.below(2)];
            request.headers.retain(|(one, _)| *one != name);
            "a header missing"
        }
        9 => {
            let at = dice.below(2);
            let second = request.headers[at].clone();
            request.headers.push(second);
            "a header twice"
        }
        10 => {
            let signature = request.header(SIGNATURE);
            signature.truncate(3 + dice.below(64));
            "a signature cut short"
        }
        11 => {
            request.header(SIGNATURE).push(b"0a\xff "[dice.below(4)]);
            "a signature too long"
        }
        12 => {
            let timestamp = request.header(TIMESTAMP);
            let wrong =
                [&b"+"[..], b"-", b" ", b"0x", b"1e9", b"99999999999999999999"][dice.below(6)];
            timestamp.splice(0..0, wrong.iter().copied());
            "a timestamp that is no number of now"
        }
        13 => {
            let chunk = format!("{:x}\r\n", request.body.len()).into_bytes();
            request.body = [&chunk, &request.body[..], b"\r\n0\r\n\r\n"].concat();
            "the framing of chunks inside the body"
        }
        14 => {
            request.body.truncate(dice.below(request.body.len()));
            "a body cut short"
        }
        _ => {
            *request = Request::signed(
                request.kind,
                "another body",
                Timestamp::from_second(1_700_000_000).unwrap(),
            )
            .with_body(request.body.clone());
            "a good signature of another body"
        }
    }
}

impl Request {
    fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed, to try the same again")]
fn two_thousand_altered_requests_are_all_refused() {
    let seed = 0x5EED_51AC_u64;
    println!("seed {seed:#x}");
    let (door, now) = (door(), Standing::new().now());
    let mut dice = Dice(seed);
    let good = good(now);
    for n in 0..2000 {
        let mut request = good[dice.below(good.len())].clone();
        let how = spoil(&mut request, &mut dice);
        let refused = request.knock(&door, now);
        assert!(
            matches!(
                refused,
                Err(DoorRefusal::Forged | DoorRefusal::Unsigned | DoorRefusal::Stale)
            ),
            "number {n}, {how}: {refused:?}",
        );
    }
}

#[test]
fn good_requests_of_all_three_kinds_get_in() {
    let (door, now) = (door(), Standing::new().now());
    for request in good(now) {
        let got = request.knock(&door, now);
        let let_in = match request.kind {
            Kind::Commands => matches!(got, Ok(Decoded::Command { .. })),
            Kind::Events | Kind::Interactions => matches!(got, Ok(Decoded::Inbound(_))),
        };
        assert!(let_in, "{:?}: {got:?}", request.kind);
    }
}

#[test]
fn five_minutes_either_way_is_fresh_and_no_more() {
    let (door, now) = (door(), Standing::new().now());
    for (seconds, fresh) in
        [(-301, false), (-300, true), (0, true), (300, true), (301, false), (86_400, false)]
    {
        let at = now + SignedDuration::from_secs(seconds);
        for request in good(at) {
            let got = request.knock(&door, now);
            if fresh {
                assert!(got.is_ok(), "{seconds} s: {got:?}");
            } else {
                assert_eq!(got.unwrap_err(), DoorRefusal::Stale, "{seconds} s");
            }
        }
    }
}

#[test]
fn while_the_secret_is_rotated_both_are_good() {
    let now = Standing::new().now();
    let (old, new) = ("simulated0signing0secret00000000", "another0signing0secret1111111111");
    for pair in [(old, Some(new)), (new, Some(old))] {
        let secrets = SigningSecrets::new(pair.0, pair.1).unwrap();
        let door = SlackDoor::over_http(secrets, installed());
        assert!(good(now)[0].knock(&door, now).is_ok());
    }
    let door = SlackDoor::over_http(SigningSecrets::new(new, None).unwrap(), installed());
    assert_eq!(good(now)[0].knock(&door, now).unwrap_err(), DoorRefusal::Forged);
}

#[test]
fn without_a_secret_there_is_no_door() {
    assert_eq!(SigningSecrets::new("", None).unwrap_err(), NoSecret::Empty);
    let door = SlackDoor::over_socket(installed());
    let now = Standing::new().now();
    assert_eq!(good(now)[0].knock(&door, now).unwrap_err(), DoorRefusal::Closed);
}

#[test]
fn a_signature_without_a_secret_is_not_good() {
    // What a door with an empty secret would take.
    let now = Standing::new().now();
    let slack =
        Workspace::new(Setup { signing_secret: String::new(), ..Setup::contoso(Standing::new()) });
    let body = wire("message_im").to_string();
    let [timestamp, signature] = slack.sign(body.as_bytes(), now);
    let headers =
        vec![(TIMESTAMP, timestamp.1.into_bytes()), (SIGNATURE, signature.1.into_bytes())];
    let request = Request { kind: Kind::Events, headers, body: body.into_bytes() };
    assert_eq!(request.knock(&door(), now).unwrap_err(), DoorRefusal::Forged);
}

#[test]
fn nothing_is_decoded_before_the_signature() {
    let (door, now) = (door(), Standing::new().now());
    let challenge =
        json!({ "type": "url_verification", "challenge": "abc", "token": "x" }).to_string();
    let request = Request::signed(Kind::Events, &challenge, now);
    assert_eq!(request.knock(&door, now), Ok(Decoded::Challenge("abc".to_owned())));
    let mut unsigned = request.clone();
    unsigned.headers.clear();
    assert_eq!(unsigned.knock(&door, now).unwrap_err(), DoorRefusal::Unsigned);
    let large = Request::signed(Kind::Events, &" ".repeat(BODY_BYTES_MAX + 1), now);
    assert_eq!(large.knock(&door, now).unwrap_err(), DoorRefusal::TooLarge);
    for rubbish in ["", "{", "[]", "null", "payload=%7B", "payload=1&payload=2", "\u{0}"] {
        for kind in [Kind::Events, Kind::Interactions] {
            let request = Request::signed(kind, rubbish, now);
            assert_eq!(
                request.knock(&door, now).unwrap_err(),
                DoorRefusal::Unreadable,
                "{rubbish}"
            );
        }
    }
}

#[test]
fn a_field_of_a_command_said_twice_is_no_command() {
    let (door, now) = (door(), Standing::new().now());
    let twice = format!("{}&user_id=U0GRACE", form(&wire("command")));
    let request = Request::signed(Kind::Commands, &twice, now);
    assert_eq!(request.knock(&door, now).unwrap_err(), DoorRefusal::Unreadable);
}

/// Sends these chunks by hand; the first line of the answer, if there is one.
async fn send_in_chunks(stage: &Stage, body: &str, chunk: usize) -> String {
    let [timestamp, signature] = stage.slack.sign(body.as_bytes(), stage.clock.now());
    let address = format!("{}:{}", stage.bot.host_str().unwrap(), stage.bot.port().unwrap());
    let (mut reading, mut writing) = TcpStream::connect(&address).await.unwrap().into_split();
    let head = format!(
        "POST /slack/events HTTP/1.1\r\nhost: {address}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\
         {}: {}\r\n{}: {}\r\n\r\n",
        timestamp.0, timestamp.1, signature.0, signature.1,
    );
    let body = body.to_owned();
    let sending = tokio::spawn(async move {
        writing.write_all(head.as_bytes()).await?;
        for part in body.as_bytes().chunks(chunk) {
            writing.write_all(format!("{:x}\r\n", part.len()).as_bytes()).await?;
            writing.write_all(part).await?;
            writing.write_all(b"\r\n").await?;
        }
        writing.write_all(b"0\r\n\r\n").await
    });
    let mut answer = Vec::new();
    // A connection that is closed on a body too large may also be reset.
    let _reset = soon(reading.read_to_end(&mut answer)).await;
    let _refused = soon(sending).await.unwrap();
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_body_sent_in_chunks_is_the_same_body_and_a_huge_one_is_not_taken() {
    let mut stage = Stage::new().await;
    let good = send_in_chunks(&stage, &wire("message_im").to_string(), 100).await;
    assert_eq!(good, "HTTP/1.1 200 OK");
    stage.next();
    let huge = send_in_chunks(&stage, &" ".repeat(3 * BODY_BYTES_MAX), 65_536).await;
    assert!(huge.is_empty() || huge.starts_with("HTTP/1.1 413"), "{huge}");
    assert!(stage.heard.try_recv().is_err());
}
