//! Word lists of the speech acts, folded. Their order means nothing.

use std::{collections::HashSet, sync::LazyLock};

/// A set of words.
pub(super) type Words = LazyLock<HashSet<&'static str>>;

/// A sentence that opens with one of these asks, unless it says otherwise.
pub(super) static WH: Words = LazyLock::new(|| {
    "
    how what whats why when where wheres which who whom whos whose do does did is are was were
    has have had should shall hows am isnt arent didnt doesnt hasnt wasnt whether dont
    anyone anybody
    "
    .split_whitespace()
    .collect()
});

/// Words before a verb that leave it an order.
pub(super) static POLITE: Words = LazyLock::new(|| {
    "
    yo um uh erm er force really myself trouble bother dear sir madam requested needful
    below following please pls plz kindly just also then and hi hello hey team all urgent
    urgently asap quick quickly simply only now again instead ok okay so but can could would
    will you u ya someone somebody anyone we go ahead a an the for of to from on at in by
    with first next second finally lastly immediately today tomorrow tonight this that too
    need needs want like id it yes yep user account request action task todo re fw fwd
    subject thanks temporarily permanently morning afternoon evening effective possible is
    be able mr mrs ms dr both s one actually wait no oh sorry right away straight hours hour
    minutes pm am noon everyone there good day us let lets if must bot countersign may might
    yet still up or remote remotely january february march april june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday
    wednesday thursday friday saturday sunday noon midday midnight week month end next
    "
    .split_whitespace()
    .collect()
});

/// "if possible": no supposition.
pub(super) static POLITE_IF: Words = LazyLock::new(|| {
    "
    possible you u needed necessary ok okay so thats poss its that we not permitted
    appropriate
    "
    .split_whitespace()
    .collect()
});

/// "… is going to", "… plans to": what somebody else does.
pub(super) static PLANS: Words = LazyLock::new(|| {
    "
    … is going to … plans to is are was were has had needs plans intends tries tried keeps
    decided refuses used likes promised agreed offered wants going managed started
    "
    .split_whitespace()
    .collect()
});

/// What follows them and a colon is said, not asked.
pub(super) static SPEAKS: Words = LazyLock::new(|| {
    "
    print translate echo repeat summarise summarize rephrase reword type spell proofread
    titled disregard ignore says said wrote writes reads quote say pretend
    "
    .split_whitespace()
    .collect()
});

/// What follows a label with one of these is written down, not asked of the bot.
pub(super) static NOTED: Words = LazyLock::new(|| {
    "
    agenda minutes decision decisions todo todos reminder reminders plan plans roadmap
    changelog recap memo scenario exercise drill
    "
    .split_whitespace()
    .collect()
});

/// What somebody thinks, fears or heard of it.
pub(super) static OPINIONS: Words = LazyLock::new(|| {
    "
    say think believe reckon guess hate fear afraid worry worried imagine expect hear heard
    doubt wonder curious
    "
    .split_whitespace()
    .collect()
});

/// Somebody thinks of it, or did: no request, unless "you" are asked.
pub(super) static PLANNED: Words = LazyLock::new(|| {
    "
    going plan planning tried trying forgot decided supposed used how thinking about asked
    told able may might probably perhaps maybe eventually considering
    "
    .split_whitespace()
    .collect()
});

/// "… to" after one of these asks.
pub(super) static ASKS: Words = LazyLock::new(|| {
    "
    need needs want like require ask request requesting possible required have kind grateful
    appreciate mind able favour favor chance help trouble bother asking love way
    "
    .split_whitespace()
    .collect()
});
