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
];

/// A class and its phrases, folded, separated by commas.
pub const OBJECTS: &[(&str, &str)] = &[
    (
        "account",
        "account, accounts, acct, accts, acc, user account, user accounts, login, signin, sign in, sign ins, logon, log in, log on, ad account, user id, userid, office account, 365 account, profile",
    ),
    ("access", "access, all access, his access, her access, their access"),
    (
        "password",
        "password, passwords, passwd, pw, pwd, pws, passcode, passphrase, passwort, pass word, pass words, credentials, creds, login details, log in details, pass",
    ),
    (
        "new_password",
        "new password, new pw, new pwd, new passwords, temp password, temp pw, temp pwd, temp pass, temporary password, temporary passwords, temporary pw, temporary pass, temp passwords, fresh password, one time password, initial password, interim password, replacement password, different password, pwreset, pw reset, pwd reset, password reset, password resets, passwd reset, password recovery, reset of the password",
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
    (
        "all_licences",
        "all licences, all licenses, all of the licences, licences, licenses, every licence, every license, any licence, any license, any licences, any licenses, all lics, lics",
    ),
    (
        "group",
        "group, groups, distribution list, distribution lists, dl, distro, distro list, mailing list, security group, m365 group, 365 group, microsoft 365 group, list, distribution group, email list, mail list, team, membership, memberships, member, members, group membership, group memberships, verteiler",
    ),
    (
        "replies",
        "out of office, outofoffice, ooo, oof, o o o, auto reply, auto replies, automatic reply, automatic replies, autoreply, autoreplies, auto response, auto responses, automatic response, autoresponse, autoresponder, auto responder, out of office reply, out of office message, out of the office, vacation reply, vacation message, vacation responder, vacation autoreply, away message, absence message, absence note, absence notice, absence reply, holiday message, holiday reply, ooo message, oof message, away reply, abwesenheitsnotiz, ooto, out of office notice, leave message, vacation response",
    ),
    (
        "mailbox",
        "mailbox, mailboxes, mbx, inbox, email, emails, mail, e mail, outlook, emails account, email account, mail account, exchange",
    ),
    (
        "details",
        "details, info, information, job title, title, manager, boss, department, dept, phone number, phone, mobile number, office location, contact details, record, status, line manager, sign in status, account status, email address, upn, summary, overview",
    ),
    (
        "device",
        "device, devices, laptop, laptops, computer, pc, iphone, ipad, tablet, workstation, desktop, machine, macbook, handset, surface",
    ),
    (
        "other",
        "mfa, 2fa, multi factor, multifactor, two factor, authenticator, authenticator app, authentication, auth method, auth methods, method, methods, tap, temporary access pass, access pass, fido, fido2, fido2 key, passkey, passkeys, yubikey, security key, windows hello, security info, oath, verification",
    ),
    (
        "other",
        "shared mailbox, shared mailboxes, shared mbx, shared inbox, full access, send as, send on behalf, sendas, delegate, delegation, delegates, permission, permissions, rights, forwarding, forward, forwards, forwarder, redirect, mail flow, inbox rule, inbox rules, rule, rules, calendar, archive, archiving, retention, litigation hold, signature, quota, mailbox size, alias, spam, junk, quarantine, sender, senders, domain, blacklist, whitelist",
    ),
    (
        "other",
        "role, roles, admin, admins, admin rights, administrator, administrators, global admin, owner, owners, ownership, policy, policies, ca policy, conditional access, app, apps, application, applications, app registration, secret, secrets, certificate, cert, oauth, consent, consents, grant, grants, workbook, spreadsheet, worksheet, sheet, row, rows, tab, excel, file, files, folder, folders, onedrive, one drive, sharepoint, site, sites, link, links",
    ),
    (
        "other",
        "guest, guests, guest user, external user, sponsor, new starter, starter, starters, new hire, joiner, onboarding, offboarding, new user, new account, new colleague, new employee, employee record, transfer, promotion, surname, last name, display name, location, office number, address, photo, picture",
    ),
    (
        "other",
        "printer, wifi, wi fi, vpn, network, router, server, database, keyboard, screen, monitor, mouse, headset, bitlocker, bitlocker key, recovery key, wallet, badge, door, parking, room, meeting, meetings, channel, channels, voicemail, conference, intune, notification, notifications, alert, alerts, website, pin, sim, firewall, ip, port, macro, macros, add in, addin, plugin, browser, popup, copilot prompts, feature, features, pronouns, autosave, bitwarden, salesforce password, usb, updates, update, patch, script, task, process, workflow, flow, ticket, tickets, request, requests, invoice, invoices, order, orders, payroll, salary, expense, expenses, timecard, project code, test account, subscription renewal, legacy authentication, teams call, scheduled task",
    ),
];
