//! Object classes. `other` holds what no offered action touches: its presence blocks
//! every frame that does not name it, so that "reset MFA" is never a password reset.

/// The classes, by bit.
pub const CLASSES: &[&str] = &[
    "account",
    "access",
    "password",
    "new_password",
    "sessions",
    "everywhere",
    "licence",
    "all_licences",
    "group",
    "replies",
    "mailbox",
    "details",
    "device",
    "other",
    "mfa",
    "pass_code",
    "shared_mailbox",
    "full_access",
    "send_as",
    "on_behalf",
    "forwarding",
    "inbox_rule",
    "address_list",
    "hold",
    "transport_rule",
    "recipient",
    "calendar",
    "onedrive",
    "role",
    "owner",
    "policy",
    "app",
    "service_principal",
    "secret",
    "consent",
    "workbook",
    "worksheet",
    "row",
    "guest",
    "sponsor",
    "new_user",
    "manager_of",
    "field",
    "domain",
    "users",
    "graph",
    "deleted_user",
    "old_password",
    "seats",
    "members",
    "in_bulk",
    "archive",
    "retention",
    "mailbox_facts",
    "user_mailbox",
    "reports_to",
    "subscription",
];

/// Classes that stand beside every frame: a job title may be asked for or changed, a
/// manager be named, people be spoken of, without another action being meant.
pub const LOOSE: &[&str] = &["field", "manager_of", "users", "members", "in_bulk", "reports_to"];

/// A class and its phrases, folded, separated by commas.
pub const OBJECTS: &[(&str, &str)] = &[
    (
        "account",
        "account, accounts, acct, accts, acc, signing in, logging in, logging on, user account, user accounts, login, signin, sign in, sign ins, logon, log in, log on, ad account, user id, userid, office account, 365 account, profile",
    ),
    ("access", "access, all access, his access, her access, their access"),
    (
        "password",
        "password, passwords, passwd, pw, pwd, pws, passcode, passphrase, passwort, pass word, pass words, credentials, creds, login details, log in details, pass",
    ),
    (
        "new_password",
        "new password, new pw, new pwd, new passwords, temp password, temp pw, temp pwd, temp pass, temporary password, temporary passwords, temporary pw, temporary pass, temp passwords, fresh password, one time password, initial password, interim password, replacement password, different password, pwreset, pw reset, pwd reset, password reset, password resets, passwd reset, password recovery, password change, reset of the password",
    ),
    (
        "sessions",
        "session, sessions, all sessions, every session, all active sessions, active sessions, login sessions, sign in sessions, refresh token, refresh tokens, token, tokens, access tokens, signin sessions, live sessions, open sessions, current sessions, logins, sign ins, signins, logon sessions",
    ),
    (
        "everywhere",
        "everywhere, everything, all devices, every device, all sessions, all his devices, all her devices, all their devices, any device, all of his devices, every session, all apps, all places",
    ),
    (
        "licence",
        "licence, license, licences, licenses, lic, lics, sku, seat, licencing, licensing, subscription",
    ),
    ("subscription", "subscriptions, our subscriptions, office subscriptions"),
    (
        "all_licences",
        "all licences, all licenses, all of the licences, licences, licenses, every licence, every license, any licence, any license, any licences, any licenses, all lics, lics",
    ),
    (
        "group",
        "group, groups, grp, grps, distribution list, distribution lists, dl, distro, distro list, mailing list, security group, m365 group, 365 group, microsoft 365 group, list, distribution group, email list, mail list, team, membership, memberships, member, members, group membership, group memberships, verteiler",
    ),
    (
        "replies",
        "out of office, outofoffice, ooo, oof, o o o, auto reply, auto replies, auto answer, auto answers, automatic answer, automatic answers, absence notice, automatic reply, automatic replies, autoreply, autoreplies, auto response, auto responses, automatic response, autoresponse, autoresponder, auto responder, out of office reply, out of office message, out of the office, vacation reply, vacation message, vacation responder, vacation autoreply, away message, absence message, absence note, absence notice, absence reply, holiday message, holiday reply, ooo message, oof message, away reply, abwesenheitsnotiz, ooto, out of office notice, leave message, vacation response",
    ),
    (
        "mailbox",
        "mailbox, mailboxes, mbx, inbox, new messages, incoming messages, incoming mail, incoming mails, incoming email, incoming emails, new mail, new mails, new emails, email, emails, mail, e mail, outlook, emails account, email account, mail account, exchange",
    ),
    (
        "details",
        "details, info, information, informations, job title, title, manager, boss, department, dept, phone number, phone, mobile number, office location, contact details, record, status, line manager, sign in status, account status, email address, upn, summary, overview",
    ),
    (
        "device",
        "device, devices, laptop, laptops, computer, computers, pc, pcs, iphone, iphones, ipad, ipads, tablet, tablets, workstation, workstations, desktop, desktops, machine, machines, macbook, macbooks, mac, macs, boxes, handset, handsets, surface, kit, macos, cellphone, cellphones",
    ),
    (
        "mfa",
        "mfa, 2fa, multi factor, multifactor, two factor, authenticator, authenticator app, authentication, auth method, auth methods, authentication method, authentication methods, mfa method, mfa methods, method, methods, fido, fido2, fido2 key, passkey, passkeys, yubikey, security key, windows hello, security info, oath, verification, mfa registration, authenticator registration",
    ),
    ("pass_code", "tap, temporary access pass, access pass"),
    (
        "shared_mailbox",
        "shared mailbox, shared mailboxes, team inbox, team mailbox, group inbox, shared mbx, shared inbox, shared mail, shared",
    ),
    (
        "full_access",
        "full access, fullaccess, full mailbox access, full control, read access, delegate, delegation, delegates, permission, permissions, mailbox permission, mailbox permissions, mailbox access, delegate access, rights",
    ),
    (
        "send_as",
        "send as, sendas, send as rights, send as permission, send as permissions, send as access",
    ),
    ("on_behalf", "send on behalf, on behalf, sendonbehalf, send on behalf of"),
    (
        "forwarding",
        "forwarding, forward, forwards, forwarder, redirect, redirection, mail forwarding, email forwarding",
    ),
    (
        "inbox_rule",
        "inbox rule, inbox rules, mailbox rule, mailbox rules, rule, rules, outlook rule, outlook rules",
    ),
    ("address_list", "address list, address book, gal, global address list, address lists"),
    ("hold", "litigation hold, legal hold, hold, retention hold"),
    (
        "transport_rule",
        "mail flow, transport rule, transport rules, mail flow rule, mail flow rules",
    ),
    ("recipient", "recipient, recipients, mail contact, mail contacts"),
    (
        "calendar",
        "meeting, meetings, calendar, calendar invites, appointments, future meetings, upcoming meetings, all meetings",
    ),
    ("onedrive", "onedrive, one drive, onedrive files"),
    (
        "role",
        "role, roles, admin, admins, admin role, admin roles, admin rights, administrator, administrators, global admin, directory role, directory roles",
    ),
    ("owner", "owner, owners, ownership, registered owner"),
    (
        "policy",
        "policy, policies, ca policy, ca policies, conditional access, conditional access policy, conditional access policies",
    ),
    (
        "app",
        "app, apps, application, applications, app registration, app registrations, registrations, enterprise app, enterprise apps",
    ),
    ("service_principal", "service principal, service principals"),
    (
        "secret",
        "secret, secrets, client secret, client secrets, certificate, cert, app secret, app secrets",
    ),
    (
        "consent",
        "oauth, consent, consents, grant, grants, oauth grants, oauth consents, consent link, admin consent, admin consent link",
    ),
    ("workbook", "workbook, workbooks, spreadsheet, excel, excel file"),
    ("worksheet", "worksheet, worksheets, sheet, sheets, tab"),
    ("row", "row, rows, lines of data, a line to, line to the, line for, more line, another line"),
    (
        "guest",
        "guest, guests, guest user, guest users, external user, external users, guest account, guest acct, guest accounts",
    ),
    ("sponsor", "sponsor, sponsors"),
    ("new_user", "new user, new account, new user account, new users, user record"),
    ("manager_of", "manager, line manager, boss"),
    (
        "field",
        "job title, title, department, dept, phone number, mobile number, mobile, office location, office, surname, last name, display name, location, office number, employee id, phone",
    ),
    ("domain", "domain, domains"),
    ("archive", "archive, archive mailbox, online archive, in place archive"),
    ("retention", "retention, retention policy, retention policies"),
    (
        "mailbox_facts",
        "mailbox size, size of the mailbox, mailbox settings, mailbox facts, mailbox details",
    ),
    ("user_mailbox", "user mailbox, regular mailbox, normal mailbox, personal mailbox"),
    ("users", "users, everyone, everybody, people, staff, employees, accounts"),
    ("graph", "graph, graph request, graph api"),
    ("deleted_user", "deleted user, deleted account, deleted users, deleted accounts"),
    ("old_password", "current password, old password, existing password, his current password"),
    (
        "seats",
        "skus, tenant skus, tenant licenses, spare seats, spare licences, spare licenses, unused licences, unused licenses, unused seats, remaining licences, remaining licenses, remaining seats, licence usage, license usage, licence count, license count, licence counts, seat count, seat counts, licence inventory, license inventory, free seat, available seats, seats, free seats, free licences, free licenses, available licences, available licenses, our licences, our licenses, tenant licences, licences left, licenses left",
    ),
    ("members", "member, members, membership list, member list"),
    (
        "reports_to",
        "reports to, report to, reporting to, reports into, report into, direct reports, direct report, reportees, team of",
    ),
    ("in_bulk", "in one request, as one request, in one go, in bulk, bulk, as a batch"),
    (
        "other",
        "company policy, company policies, hr policy, travel policy, leave policy, agenda, wiki, newsletter, intranet, minutes, archiving, signature, quota, alias, spam, junk, quarantine, sender, senders, blacklist, whitelist, file, files, folder, folders, sharepoint, site, sites, link, links",
    ),
    (
        "other",
        "new starter, starter, starters, new hire, joiner, onboarding, offboarding, new colleague, new employee, employee record, transfer, promotion, address, photo, picture",
    ),
    (
        "other",
        "printer, wifi, wi fi, vpn, network, router, server, database, keyboard, screen, monitor, mouse, headset, bitlocker, bitlocker key, recovery key, wallet, badge, door, parking, room, channel, channels, voicemail, conference, intune, notification, notifications, alert, alerts, website, pin, sim, firewall, ip, port, macro, macros, add in, addin, plugin, browser, popup, copilot prompts, feature, features, pronouns, autosave, bitwarden, salesforce password, usb, updates, update, patch, script, task, process, workflow, flow, ticket, tickets, request, requests, invoice, invoices, order, orders, payroll, salary, expense, expenses, timecard, project code, test account, subscription renewal, legacy authentication, teams call, scheduled task",
    ),
];
