//! How people ask for an action, as data for the interpreter.
//!
//! A [`Frame`] is a verb sense with the kinds of objects it wants; the interpreter
//! knows the synonyms, inflections and typing errors of each class. Adding an
//! action's wording is done in that action's file.

/// How people ask for one action.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// The ways to ask.
    pub frames: &'static [Frame],
    /// What the words must give: argument names and what fills them. Order of asking.
    pub slots: &'static [(&'static str, Slot)],
    /// Whole sentences, for `help` and for the tests: each must be read as this action.
    pub examples: &'static [&'static str],
}

/// One way to ask: a verb sense, and what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Verb classes, any one of them (names of the interpreter's word classes).
    pub verbs: &'static [&'static str],
    /// Object classes, any one of them; empty: the verb with its person alone says it.
    pub objects: &'static [&'static str],
    /// Object classes that may stand beside without meaning something else.
    pub beside: &'static [&'static str],
    /// Arguments this way of asking sets, such as `off`.
    pub sets: &'static [&'static str],
}

impl Frame {
    /// A verb sense with objects.
    pub const fn of(verbs: &'static [&'static str], objects: &'static [&'static str]) -> Self {
        Self { verbs, objects, beside: &[], sets: &[] }
    }

    /// The same, tolerating these classes beside.
    #[must_use]
    pub const fn beside(mut self, classes: &'static [&'static str]) -> Self {
        self.beside = classes;
        self
    }

    /// The same, setting these arguments to `true`.
    #[must_use]
    pub const fn sets(mut self, arguments: &'static [&'static str]) -> Self {
        self.sets = arguments;
        self
    }
}

/// A sort of thing that has a name and is nobody, no group and no licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A device of the directory or of Intune.
    Device,
    /// A shared mailbox.
    Mailbox,
    /// A directory role.
    Role,
    /// A Conditional Access policy.
    Policy,
    /// An app registration.
    App,
    /// An Excel workbook.
    Workbook,
}

/// A value of a [`Slot::Choice`], and the words that say it, folded.
pub type Value = (&'static str, &'static [&'static str]);

/// What fills an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Something of this sort, by name; a device also as "her laptop".
    Thing(Sort),
    /// A mailbox, by address: somebody's, or a shared one.
    Mailbox,
    /// Somebody who is not the one of [`Slot::Person`] or [`Slot::Mailbox`]: a new manager,
    /// a delegate, a sponsor.
    Second,
    /// A mail address, of anybody.
    Address,
    /// What something new is called.
    Name,
    /// A whole number.
    Number,
    /// One of a few values, by the words that say it.
    Choice(&'static [Value]),
    /// Properties of a user and what they become.
    Fields,
    /// Several people, as one list; whoever is named as an owner is none of them.
    People,
    /// Whoever is named as an owner.
    Owner,
    /// The guest, of two people.
    Guest,
    /// Whose mail goes on.
    Forwarded,
    /// Where mail goes on to: somebody's address, or any other.
    ForwardTo,
    /// Somebody who starts, by what they are called.
    Newcomer,
    /// The first day of somebody new, as a date. Optional.
    FirstDay,
    /// The last day of somebody whose contract ends, as a date.
    LastDay,
    /// Whether a copy stays. Optional.
    KeepCopy,
    /// Until when, as a date behind "until". Optional.
    Until,
    /// Until when something is given, as a date or time right behind "until". Optional.
    While,
    /// The mailbox or the files of "give A access to B".
    MailboxOf,
    /// Who gets a right on them, or loses it.
    Delegate,
    /// `full_access`, or `send_on_behalf` where that is said.
    MailPermission,
    /// The address that something new gets. Optional.
    NewAddress,
    /// Everybody named, as a list. Optional.
    Members,
    /// Everything in quotation marks, as a list. Optional.
    QuotedNames,
    /// Whether "all" was said. Optional.
    AllOfThem,
    /// A number of days, also as months or years. Optional.
    Days,
    /// Left out when the words do not give it.
    Maybe(&'static Slot),
    /// Somebody, by sign-in name.
    Person,
    /// A group to go into.
    GroupInto,
    /// A group to come out of, or `ALL`.
    GroupOutOf,
    /// A licence to be given.
    Licence,
    /// A licence that is held, or `ALL`.
    LicenceHeld,
    /// What an automatic reply says.
    Message,
    /// When it begins. Optional.
    Start,
    /// When it ends. Optional.
    End,
    /// Whether a new password must be chosen at the next sign-in. Optional.
    ChangeAtSignIn,
    /// What is said of somebody new. Optional.
    Detail(Detail),
    /// What a list is narrowed to. Optional.
    Filter(Filter),
    /// Groups, as a list. Optional.
    Groups(Side),
    /// People on one side of a policy, as a list. Optional.
    Users(Side),
    /// Who gets a new manager.
    Managed,
    /// The new manager.
    NewManager,
    /// A worksheet's name. Optional.
    Worksheet,
    /// The cells of a row, in order.
    Cells,
    /// The name of a worksheet that is to be made.
    NewSheet,
    /// The number of a row.
    Row,
    /// An address of the web. Optional.
    Link,
    /// What something is labelled, where that is said. Optional.
    Label,
    /// What something is called from now on.
    Renamed,
    /// Whose mail is answered: somebody, or a shared mailbox that is named for it.
    Replying,
}

/// What is said of somebody new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// "as a Paralegal", "Job title: …"
    JobTitle,
    /// "in Sales", "Department: …"
    Department,
    /// "from Sales to Finance": where somebody moves to.
    NewDepartment,
    /// "based in Leeds", "Office: …"
    Office,
    /// A telephone number.
    MobilePhone,
    /// "reporting to Ada", "Manager: …"
    Manager,
    /// Licences, as a list.
    Licences,
    /// What a guest is called.
    DisplayName,
    /// "sponsor: Ada", "sponsored by Ada"
    Sponsor,
    /// "Description: …", "Purpose: …"
    Description,
    /// "company Northwind", "from Northwind"
    Company,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// A department of the directory.
    Department,
    /// An office of the directory.
    Office,
    /// A post that somebody of the directory has.
    Title,
    /// Who reports to whom.
    Manager,
    /// Words that a name holds.
    Words,
}

/// Which side of something new, or of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Whom it counts for; where somebody new goes into.
    Within,
    /// Whom it spares.
    Without,
}
