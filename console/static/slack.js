// The technician's Slack: channels, threads, messages only one person sees, buttons and modals.
import { atMinute, avatar, followEnd, keep, linked, make, theme } from './dom.js';
import { plainLines, readable, segments } from './blocks.js';
import { control, filled } from './controls.js';
import { post } from './server.js';

const place = {
  tabs: document.querySelector('#slack-tabs'),
  list: document.querySelector('#slack-messages'),
  form: document.querySelector('#slack-form'),
  text: document.querySelector('#slack-text'),
  thread: document.querySelector('#slack-thread'),
  to: document.querySelector('#slack-to'),
  hint: document.querySelector('#slack-hint'),
  modal: document.querySelector('#slack-modal'),
};
const here = { me: null, channel: null, thread: null, seen: new Map(), state: null, view: null };

const bot = () => here.state.slack.bot ?? { name: 'Countersign' };
const person = (id) => here.state.people.find((one) => one.slack === id);
const nameOf = (id) => (id === bot().user ? bot().name : person(id)?.name ?? id);
const mine = () => here.state.slack.channels.filter((channel) => (channel.members ? channel.members.includes(here.me) : channel.kind !== 'im' || !channel.user || channel.user === here.me));
const forMe = (message) => !message.ephemeral_to || message.ephemeral_to === here.me;
const current = () => mine().find((channel) => channel.id === here.channel) ?? mine()[0];
const channelName = (channel) => (channel.kind === 'im' ? bot().name : `#${channel.name.replace(/^#/, '')}`);

/** Shows `state` as `me` (a Slack user id) sees it. */
export function show(state, me) {
  if (here.me !== me) Object.assign(here, { me, thread: null, view: null });
  here.state = state;
  const channel = current();
  here.channel = channel?.id;
  if (channel) here.seen.set(`${me} ${channel.id}`, newest(channel));
  drawTabs();
  followEnd(place.list, () => drawMessages(channel));
  drawThread(channel);
  drawTo();
  drawModal();
}

const newest = (channel) => channel.messages.filter(forMe).at(-1)?.ts ?? '';
const unread = (channel) => channel.messages.filter((message) => forMe(message) && message.ts > (here.seen.get(`${here.me} ${channel.id}`) ?? '')).length;
const mentions = (text) => text.trimStart().startsWith('/') || text.toLowerCase().includes(`@${bot().name.toLowerCase()}`);

/** In a channel the bot hears only what mentions it, so the page offers to: whoever takes the tick away is told. */
function drawTo() {
  const text = place.text.value;
  const needed = Boolean(here.state) && !here.thread && current()?.kind === 'channel' && !mentions(text);
  const tick = place.to.querySelector('input');
  place.to.hidden = !needed;
  place.hint.hidden = !needed || !text || tick.checked;
  return needed && tick.checked ? `@${bot().name} ${text.trim()}` : text.trim();
}

function drawTabs() {
  const tabs = mine().map((channel) => ({ id: channel.id, name: channelName(channel), chosen: channel.id === here.channel, unread: unread(channel), im: channel.kind === 'im' }));
  keep(place.tabs, tabs, (tab) => tab.id, (tab) => make('button', {
    type: 'button', class: 'tab', 'aria-pressed': String(tab.chosen), onclick: () => { Object.assign(here, { channel: tab.id, thread: null }); show(here.state, here.me); },
  }, tab.im ? 'Direct messages' : tab.name, tab.unread ? make('span', { class: 'count' }, `${tab.unread} new`) : null));
}

function drawMessages(channel) {
  const items = threaded((channel?.messages ?? []).filter(forMe)).map((item) => ({ ...item, me: here.me, theme: theme(), channel: channel.id }));
  keep(place.list, items, (item) => `${channel.id} ${item.message.ts} ${item.message.ephemeral_to ?? ''}`, drawMessage);
  if (!items.length) place.list.replaceChildren(make('p', { class: 'empty' }, channel?.kind === 'im' ? 'Direct messages from Countersign come here.' : 'Nobody has asked for anything yet. Press Send below.'));
  else place.list.querySelector(':scope > .empty')?.remove();
}

/** Roots in order, each followed by its replies. */
function threaded(messages) {
  const known = new Set(messages.map((message) => message.ts));
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && known.has(message.thread_ts);
  return messages.filter((message) => !isReply(message)).flatMap((root) => {
    const replies = messages.filter((message) => isReply(message) && message.thread_ts === root.ts);
    const row = (message, reply, last) => ({ message, reply, answer: last ? root.ts : null });
    return [row(root, false, !replies.length), ...replies.map((reply, at) => row(reply, true, at === replies.length - 1))];
  });
}

function drawMessage({ message, reply, answer, channel }, changed) {
  const fromBot = Boolean(message.bot) || message.user === bot().user || !message.user;
  const name = fromBot ? bot().name : nameOf(message.user);
  const body = make('div', { class: 'message-body' });
  const element = make('article', { class: `message ${reply ? 'reply' : ''} ${message.ephemeral_to ? 'private' : ''} ${changed ? 'changed' : ''}`, 'data-ts': message.ts },
    avatar(message.user ?? 'bot', name, fromBot),
    make('div', { class: 'message-main' },
      make('p', { class: 'message-head' }, make('strong', {}, name), fromBot ? make('span', { class: 'tag' }, 'App') : null,
        make('time', {}, atMinute(new Date(Number(message.ts) * 1000)))),
      message.ephemeral_to ? make('p', { class: 'only-you' }, 'Only visible to you') : null,
      body,
      message.edited ? make('p', { class: 'edited' }, 'edited') : null,
      answer && here.thread !== answer ? make('button', { type: 'button', class: 'quiet', onclick: () => openThread(answer) }, 'Reply in thread') : null));
  const press = async (pressed) => {
    element.setAttribute('aria-busy', 'true');
    await post('/demo/slack/press', { user: here.me, channel, ts: message.ts, ...pressed, state: { values: filled(body) } });
    element.removeAttribute('aria-busy');
  };
  drawBlocks(body, message.blocks, message.text, press);
  return element;
}

function drawBlocks(body, blocks, text, press, search) {
  const names = {
    users: [...here.state.people.filter((one) => one.slack).map((one) => ({ id: one.slack, name: one.name })), { id: bot().user, name: bot().name }],
    channels: here.state.slack.channels.map((channel) => ({ id: channel.id, name: channel.name.replace(/^#/, '') })),
    user_groups: [],
  };
  const renderer = window.CountersignBlocks;
  if (!blocks?.length) body.append(make('p', { class: 'plain' }, linked(readable(text, nameOf))));
  else if (!renderer) body.append(...plainLines(blocks, nameOf).map((line) => make('p', { class: 'plain' }, linked(line))));
  for (const part of segments(blocks)) {
    if (part.kind === 'drawn' && renderer) {
      const spot = make('div');
      body.append(spot);
      renderer.draw(spot, part.blocks, { theme: theme(), names });
    } else if (part.kind === 'controls') {
      body.append(make('div', { class: 'controls' }, part.elements.map((element) => control(element, { block_id: part.block_id, people: here.state.people, press }))));
    } else if (part.kind === 'input') {
      body.append(input(part.block, part.block.dispatch_action ? press : null, search));
    }
  }
}

function input(block, press, search) {
  const field = control(block.element, { block_id: block.block_id, people: here.state.people, press, search });
  const labelled = field.matches('input, select, textarea') ? 'label' : 'div';
  return make('div', { class: 'input', 'data-block': block.block_id },
    make(labelled, { class: 'labelled' }, make('span', { class: 'label' }, block.label.text, block.optional ? make('small', {}, ' (optional)') : null), field),
    block.hint ? make('p', { class: 'hint' }, block.hint.text) : null,
    make('p', { class: 'input-error', role: 'alert' }));
}

function openThread(ts) {
  here.thread = ts;
  show(here.state, here.me);
  place.text.focus();
}

function drawThread(channel) {
  const root = here.thread && channel?.messages.find((message) => message.ts === here.thread);
  place.thread.replaceChildren(...(root ? ['Replying in the thread of “', make('em', {}, readable(root.text, nameOf).slice(0, 60)), '” ',
    make('button', { type: 'button', class: 'quiet', onclick: () => { here.thread = null; show(here.state, here.me); } }, 'Leave the thread')] : []));
  place.thread.hidden = !root;
}

/** The newest modal that is open for this person. */
function drawModal() {
  const open = (here.state.slack.views ?? []).filter((view) => view.user === here.me).at(-1);
  const print = open ? JSON.stringify(open) : null;
  if (print === here.view) return;
  here.view = print;
  if (!open) { place.modal.close(); return; }
  const { view, view_id } = open;
  const body = make('div', { class: 'modal-body' });
  const press = (pressed) => post('/demo/slack/press', { user: here.me, view_id, ...pressed, state: { values: filled(body) } });
  const search = async (typed) => (await post('/demo/slack/search', { user: here.me, view_id, ...typed }))?.options;
  drawBlocks(body, view.blocks, '', press, search);
  const close = () => post('/demo/slack/close', { user: here.me, view_id });
  const form = make('form', { class: 'modal-form' }, make('h3', {}, view.title.text), body,
    make('div', { class: 'modal-foot' },
      make('button', { type: 'button', class: 'slack-button', onclick: close }, view.close?.text ?? 'Close'),
      view.submit ? make('button', { type: 'submit', class: 'slack-button primary' }, view.submit.text) : null));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const said = await post('/demo/slack/submit', { user: here.me, view_id, values: filled(body) });
    for (const spot of body.querySelectorAll('[data-block]')) spot.querySelector('.input-error').textContent = said?.errors?.[spot.dataset.block] ?? '';
  });
  place.modal.oncancel = (event) => { event.preventDefault(); close(); };
  place.modal.setAttribute('aria-label', view.title.text);
  place.modal.replaceChildren(form);
  if (!place.modal.open) place.modal.showModal();
}

place.form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = place.text.value.trim() && drawTo();
  const channel = current();
  if (!text || !channel) return;
  const said = await post('/demo/slack/say', { user: here.me, channel: channel.id, text, ...(here.thread ? { thread_ts: here.thread } : {}) });
  if (!said) return;
  place.text.value = '';
  place.list.scrollTop = place.list.scrollHeight;
  drawTo();
});
for (const field of [place.text, place.to]) field.addEventListener('input', drawTo);
