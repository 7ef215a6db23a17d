// A pretend server for working on the page: it answers the contract of README.md with one canned
// request. It is not the product and proves nothing about it; `make demo` runs the product.
//   node dev/fake_server.mjs [--port 4199] [--filled] [--no-dist]
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const flag = (name) => process.argv.includes(name);
const port = Number(flag('--port') ? process.argv[process.argv.indexOf('--port') + 1] : 4199);
const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const BODY_BYTES_MAX = 64 * 1024;
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const at = (seconds) => new Date(Date.parse('2026-11-21T09:30:00Z') + seconds * 1000).toISOString();
let tick = 0;
const ts = () => `${Math.floor(Date.parse(at((tick += 4))) / 1000)}.000${100 + tick}`;

const state = {
  people: [
    { id: 'p1', name: 'Tina Techer', title: 'Help desk', slack: 'U0TINA', teams: '29:tina', role: 'technician' },
    { id: 'p2', name: 'Anna Approver', title: 'IT lead', slack: 'U0ANNA', teams: '29:anna', role: 'approver' },
    { id: 'p3', name: 'Sam Security', title: 'Security', slack: 'U0SAM', teams: '29:sam', role: 'approver' },
    { id: 'p4', name: 'John Doe', title: 'Accountant', slack: 'U0JOHN', teams: null, role: 'employee' },
  ],
  slack: {
    bot: { user: 'U0BOT', name: 'Countersign' },
    channels: [
      { id: 'C0HELP', name: 'helpdesk', kind: 'channel', messages: [] },
      { id: 'C0APPR', name: 'approvals', kind: 'channel', messages: [] },
      { id: 'D0TINA', name: 'Countersign', kind: 'im', user: 'U0TINA', messages: [] },
      { id: 'D0ANNA', name: 'Countersign', kind: 'im', user: 'U0ANNA', messages: [] },
    ],
    views: [],
  },
  teams: { conversations: [
    { id: 'a:anna', name: 'Countersign', kind: 'personal', members: ['29:anna'], messages: [] },
    { id: '19:it', name: 'IT leads', kind: 'channel', members: ['29:anna', '29:sam', '29:tina'], messages: [] },
  ] },
  tenant: { user: null },
  record: [],
};
const john = { name: 'John Doe', upn: 'john.doe@contoso.com', title: 'Accountant', department: 'Finance', sign_in: 'enabled', groups: ['All Staff', 'Finance', 'VPN Users'], licences: ['Microsoft 365 E3'], automatic_reply: { on: false, text: '' }, password_changed_at: '2026-08-02T07:12:00Z', must_change_password: false, sessions_valid_from: '2026-08-02T07:12:00Z' };

const channel = (id) => state.slack.channels.find((one) => one.id === id);
const chat = (id) => state.teams.conversations.find((one) => one.id === id);
function fact(kind, text) {
  const seq = state.record.length + 1;
  state.record.push({ seq, at: at((tick += 1)), kind, text, leaf: createHash('sha256').update(`${seq}${kind}${text}`).digest('hex') });
}
const mrkdwn = (text) => ({ type: 'mrkdwn', text });
const section = (text, rest = {}) => ({ type: 'section', text: mrkdwn(text), ...rest });

function slackCard(status) {
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: status === 'open' ? 'Reset a password' : `Reset a password: ${status}` } },
    section('<@U0TINA> asks to reset the password of *John Doe* (`john.doe@contoso.com`).'),
    { type: 'section', fields: [mrkdwn('*Steps*\n1. Set a temporary password\n2. Sign out everywhere'), mrkdwn('*Risk*\nChanges access. The old password is gone.')] },
    { type: 'context', elements: [mrkdwn('Request #1042, plan `9f3a c210`. Expires tomorrow 09:30.')] },
  ];
  if (status === 'open') blocks.push({ type: 'actions', block_id: 'decide', elements: [
    { type: 'button', style: 'primary', action_id: 'approve', value: '1042', text: { type: 'plain_text', text: 'Approve' } },
    { type: 'button', style: 'danger', action_id: 'reject', value: '1042', text: { type: 'plain_text', text: 'Reject' }, confirm: { title: { type: 'plain_text', text: 'Reject?' }, text: mrkdwn('Nothing will be changed.'), confirm: { type: 'plain_text', text: 'Reject' }, deny: { type: 'plain_text', text: 'Back' } } },
    { type: 'button', action_id: 'details', value: '1042', text: { type: 'plain_text', text: 'Details' } },
  ] });
  return blocks;
}

function teamsCard(status) {
  const facts = [['Asked by', 'Tina Techer (Slack, #helpdesk)'], ['For', 'John Doe, john.doe@contoso.com'], ['Password', 'set 2 Aug 2026 → a new temporary one'], ['Sessions', 'signed in → signed out everywhere'], ['Goes to', 'Tina Techer, by one-time link']];
  const done = status !== 'open';
  return {
    type: 'AdaptiveCard', version: '1.5', fallbackText: 'Reset a password for John Doe',
    body: [
      { type: 'TextBlock', text: 'Reset a password', size: 'Large', weight: 'Bolder', wrap: true, style: 'heading' },
      { type: 'Container', style: done ? (status.startsWith('Rejected') ? 'attention' : 'good') : 'warning', items: [{ type: 'TextBlock', wrap: true, weight: 'Bolder', text: done ? status : 'Waiting for your signature. Nothing has run.' }] },
      { type: 'FactSet', facts: facts.map(([title, value]) => ({ title, value })) },
      { type: 'TextBlock', isSubtle: true, wrap: true, size: 'Small', text: 'Request #1042, plan 9f3a c210. Expires tomorrow 09:30.' },
      ...(done ? [] : [{ type: 'Input.Text', id: 'reason', label: 'Reason', placeholder: 'Why, in a few words', maxLength: 200 }]),
    ],
    actions: done ? [] : [
      { type: 'Action.Execute', title: 'Approve', verb: 'approve', style: 'positive', data: { request: '1042' } },
      { type: 'Action.Execute', title: 'Reject', verb: 'reject', style: 'destructive', data: { request: '1042' } },
    ],
  };
}

function ask(user, text, channelId) {
  const root = { ts: ts(), user, text };
  channel(channelId).messages.push(root);
  if (!/reset the password/i.test(text)) {
    channel(channelId).messages.push({ ts: ts(), thread_ts: root.ts, bot: true, text: 'This pretend server only knows “reset the password for john.doe@contoso.com”.', ephemeral_to: user });
    return;
  }
  state.tenant.user = structuredClone(john);
  fact('heard', 'Tina Techer asked in Slack #helpdesk');
  fact('planned', 'Reset a password, 2 steps, plan 9f3a c210');
  channel(channelId).messages.push({ ts: ts(), thread_ts: root.ts, bot: true, text: 'Waiting for an approver', blocks: [section(':hourglass_flowing_sand: *Reset a password* for John Doe waits for an approver. Request *#1042*.')] });
  channel('C0APPR').messages.push({ ts: ts(), bot: true, text: 'Approval needed: reset a password for John Doe', blocks: slackCard('open') });
  chat('a:anna').messages.push({ id: 'm1', at: at(tick), from: '28:bot', summary: 'Approval needed: reset a password for John Doe', card: teamsCard('open') });
  chat('19:it').messages.push({ id: 'm2', at: at(tick), from: '28:bot', summary: 'Approval needed: reset a password for John Doe', card: teamsCard('open') });
  fact('asked', 'Card shown in Teams and Slack');
}

function redrawCopies(status) {
  for (const one of state.teams.conversations) for (const message of one.messages) if (message.card) Object.assign(message, { card: teamsCard(status), updated: true });
  for (const message of channel('C0APPR').messages) Object.assign(message, { blocks: slackCard(status), edited: true });
}
const decided = () => state.record.some((one) => one.kind === 'approved' || one.kind === 'rejected');

function decide(who, verb) {
  if (verb === 'details') return { kind: 'message', text: 'The plan has two steps; both can be read back.' };
  if (who === 'Tina Techer') return { kind: 'error', text: 'You asked for this, so somebody else must sign. Nothing was changed.' };
  if (decided()) return { kind: 'message', text: 'This was already decided. Your click changed nothing.' };
  const thread = channel('C0HELP').messages[0]?.ts;
  const say = (text) => channel('C0HELP').messages.push({ ts: ts(), thread_ts: thread, bot: true, text, blocks: [section(text)] });
  if (verb === 'reject') {
    fact('rejected', `${who} said no`);
    redrawCopies(`Rejected by ${who}. Nothing was changed.`);
    say(`Rejected by ${who}. Nothing was changed.`);
    return null;
  }
  fact('approved', `${who} signed plan 9f3a c210`);
  redrawCopies(`Approved by ${who}, running`);
  setTimeout(() => {
    fact('started', 'Step 1, set a temporary password');
    fact('done', 'Step 1, read back: lastPasswordChangeDateTime moved');
    fact('done', 'Step 2, read back: signInSessionsValidFromDateTime moved');
    Object.assign(state.tenant.user, { password_changed_at: at(tick), must_change_password: true, sessions_valid_from: at(tick) });
    redrawCopies(`Done and verified. Approved by ${who}`);
    say(`:white_check_mark: *Done and verified.* Approved by ${who}. The temporary password is in your direct messages.`);
    channel('D0TINA').messages.push({ ts: ts(), bot: true, text: 'The temporary password for John Doe', blocks: [
      section(`The temporary password for *John Doe* is behind this link. It opens <http://127.0.0.1:${port}/s/sample#token|once>, for an hour.`),
      { type: 'actions', block_id: 'open', elements: [{ type: 'button', style: 'primary', action_id: 'open_link', url: `http://127.0.0.1:${port}/s/sample#token`, text: { type: 'plain_text', text: 'Open the one-time link' } }] }] });
    tell();
  }, 700);
  return null;
}

function viewSample() {
  state.slack.views.push({ user: 'U0TINA', view_id: 'V1', view: { type: 'modal', title: { type: 'plain_text', text: 'Which John?' }, submit: { type: 'plain_text', text: 'Use this person' }, close: { type: 'plain_text', text: 'Cancel' }, blocks: [
    section('Two people are called *John Doe*.'),
    { type: 'input', block_id: 'who', label: { type: 'plain_text', text: 'Person' }, element: { type: 'radio_buttons', action_id: 'who', options: [
      { value: '1', text: { type: 'plain_text', text: 'John Doe' }, description: { type: 'plain_text', text: 'john.doe@contoso.com, Finance, manager Mia Ray' } },
      { value: '2', text: { type: 'plain_text', text: 'John Doe' }, description: { type: 'plain_text', text: 'john.doe2@contoso.com, Sales, manager Lee Park' } }] } },
    { type: 'input', block_id: 'why', optional: true, label: { type: 'plain_text', text: 'Reason' }, element: { type: 'plain_text_input', action_id: 'why', multiline: true }, hint: { type: 'plain_text', text: 'Shown to the approver.' } }] } });
}

const listeners = new Set();
const tell = () => { for (const response of listeners) response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`); };
const nameOf = (id) => state.people.find((one) => one.slack === id || one.teams === id)?.name;

const posts = {
  '/demo/slack/say': ({ user, channel: id, text }) => { if (/which john/i.test(text)) viewSample(); else ask(user, text.replace(/^@Countersign/i, '<@U0BOT>'), id); return {}; },
  '/demo/slack/press': ({ user, action_id, channel: id, ts: message }) => {
    if (!['approve', 'reject', 'details'].includes(action_id)) return {};
    const answer = decide(nameOf(user), action_id);
    if (answer) channel(id).messages.push({ ts: ts(), thread_ts: message, bot: true, text: answer.text, ephemeral_to: user });
    return {};
  },
  '/demo/slack/submit': ({ values }) => {
    if (!values.who?.who?.selected_option) return { errors: { who: 'Choose one of the two.' } };
    state.slack.views.pop();
    return {};
  },
  '/demo/slack/close': () => { state.slack.views.pop(); return {}; },
  '/demo/teams/say': ({ user, conversation, text }) => { chat(conversation).messages.push({ id: `t${(tick += 1)}`, at: at(tick), from: user, text }); return {}; },
  '/demo/teams/press': ({ user, verb }) => ({ answer: decide(nameOf(user), verb) }),
};

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
async function file(response, folder, name) {
  if (!/^[\w.-]+$/.test(name) || (folder === 'dist' && flag('--no-dist'))) return response.writeHead(404).end();
  try {
    const bytes = await readFile(path.join(here, folder, name));
    return response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'text/plain', 'content-security-policy': CSP, 'cache-control': 'no-store' }).end(bytes);
  } catch {
    return response.writeHead(404).end();
  }
}

createServer(async (request, response) => {
  const url = request.url.split('?')[0];
  if (request.method === 'GET') {
    if (url === '/') return file(response, 'static', 'index.html');
    const found = /^\/(static|dist)\/(.+)$/.exec(url);
    if (found) return file(response, found[1], found[2]);
    if (url === '/demo/state') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state));
    if (url === '/demo/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
    }
    return response.writeHead(404).end();
  }
  let body = '';
  for await (const part of request) if ((body += part).length > BODY_BYTES_MAX) return response.writeHead(413).end();
  const answer = posts[url];
  if (!answer) return response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: `There is no ${url}.`, hint: 'See console/README.md.' }));
  const said = answer(JSON.parse(body || '{}'));
  tell();
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said ?? {}));
}).listen(port, '127.0.0.1', () => {
  if (flag('--filled')) ask('U0TINA', '<@U0BOT> reset the password for john.doe@contoso.com', 'C0HELP');
  if (flag('--view')) viewSample();
  console.log(`The pretend server is at http://127.0.0.1:${port}/`);
});
