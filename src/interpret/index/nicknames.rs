//! Everyday short forms of given names.

const FORMAL: &[(&str, &[&str])] = &[
    ("bob", &["robert"]), ("rob", &["robert"]), ("bobby", &["robert"]), ("robbie", &["robert"]),
    ("bill", &["william"]), ("will", &["william"]), ("billy", &["william"]), ("liam", &["william"]),
    ("liz", &["elizabeth"]), ("beth", &["elizabeth"]), ("lizzie", &["elizabeth"]), ("eliza", &["elizabeth"]),
    ("betty", &["elizabeth"]), ("tom", &["thomas"]), ("tommy", &["thomas"]), ("mike", &["michael"]),
    ("mick", &["michael"]), ("mikey", &["michael"]), ("kate", &["katherine", "catherine", "kathryn"]),
    ("katie", &["katherine", "catherine", "kathryn"]), ("kathy", &["katherine", "catherine"]),
    ("cathy", &["catherine", "katherine"]), ("kat", &["katherine"]), ("jim", &["james"]),
    ("jimmy", &["james"]), ("jamie", &["james"]), ("joe", &["joseph"]), ("joey", &["joseph"]),
    ("dan", &["daniel"]), ("danny", &["daniel"]), ("dave", &["david"]), ("davy", &["david"]),
    ("steve", &["stephen", "steven"]), ("matt", &["matthew"]), ("nick", &["nicholas", "nicolas"]),
    ("tony", &["anthony", "antonio"]), ("andy", &["andrew"]), ("drew", &["andrew"]),
    ("ben", &["benjamin"]), ("sam", &["samuel", "samantha"]), ("alex", &["alexander", "alexandra"]),
    ("sandra", &["alexandra"]), ("chris", &["christopher", "christine", "christina"]),
    ("christy", &["christine"]), ("tina", &["christina"]), ("ed", &["edward", "edwin"]),
    ("eddie", &["edward"]), ("ted", &["edward", "theodore"]), ("fred", &["frederick", "alfred"]),
    ("greg", &["gregory"]), ("jeff", &["jeffrey", "geoffrey"]), ("geoff", &["geoffrey"]),
    ("jen", &["jennifer"]), ("jenny", &["jennifer"]), ("jess", &["jessica"]), ("jo", &["joanna", "joanne", "josephine"]),
    ("josh", &["joshua"]), ("ken", &["kenneth"]), ("larry", &["lawrence", "laurence"]),
    ("len", &["leonard"]), ("maggie", &["margaret"]), ("meg", &["margaret", "megan"]), ("peggy", &["margaret"]),
    ("mandy", &["amanda"]), ("max", &["maximilian", "maxwell"]), ("nate", &["nathan", "nathaniel"]),
    ("pat", &["patrick", "patricia"]), ("paddy", &["patrick"]), ("patty", &["patricia"]), ("pete", &["peter"]),
    ("phil", &["philip", "phillip"]), ("ray", &["raymond"]), ("rich", &["richard"]), ("rick", &["richard"]),
    ("dick", &["richard"]), ("ron", &["ronald"]), ("sue", &["susan", "susanne"]), ("susie", &["susan"]),
    ("stan", &["stanley"]), ("terry", &["terence", "teresa"]), ("tim", &["timothy"]), ("vicky", &["victoria"]),
    ("val", &["valerie"]), ("vic", &["victor"]), ("wendy", &["gwendolyn"]), ("zach", &["zachary"]),
    ("gabe", &["gabriel"]), ("gus", &["augustus", "gustav"]), ("hank", &["henry"]), ("harry", &["harold", "henry"]),
    ("becky", &["rebecca"]), ("bec", &["rebecca"]), ("abby", &["abigail"]), ("angie", &["angela"]),
    ("barb", &["barbara"]), ("cindy", &["cynthia"]), ("deb", &["deborah", "debra"]), ("debbie", &["deborah", "debra"]),
    ("don", &["donald"]), ("doug", &["douglas"]), ("gerry", &["gerald", "gerard"]), ("jerry", &["gerald", "jerome"]),
    ("hans", &["johannes"]), ("seb", &["sebastian"]), ("ollie", &["oliver"]), ("charlie", &["charles"]),
    ("chuck", &["charles"]), ("brad", &["bradley"]), ("cam", &["cameron"]), ("izzy", &["isabel", "isabella"]),
];

/// The formal names a short form stands for.
pub fn formal(short: &str) -> &'static [&'static str] {
    FORMAL.iter().find(|(nick, _)| *nick == short).map_or(&[], |(_, formal)| formal)
}
