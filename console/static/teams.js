// The approver's Teams: chats, Adaptive Cards and what their buttons answer.
import { atMinute, avatar, followEnd, keep, linked, make, theme } from './dom.js';
import { faces } from './cards.js';
import { post } from './server.js';

const place = {
  tabs: document.querySelector('#teams-tabs'),
  list: document.querySelector('#teams-messages'),
  form: document.querySelector('#teams-form'),
  text: document.querySelector('#teams-text'),
};
const here = { me: null, chat: null, chosen: false, state: null, seen: new Map(), answers: new Map(), faces: new Map() };

const mine = () => here.state.teams.conversations.filter((chat) => !chat.members || chat.members.includes(here.me));
const busiest = () => [...mine()].sort((a, b) => order(b) - order(a))[0];
const order = (chat) => Math.max(-1, ...chat.messages.map((message) => Date.parse(message.at ?? 0) || 0), chat.messages.length ? 0 : -1);
const current = () => (here.chosen ? mine().find((chat) => chat.id === here.chat) : null) ?? busiest();
const fromBot = (message) => !here.state.people.some((one) => one.teams === message.from);
const nameOf = (id) => here.state.people.find((one) => one.teams === id)?.name ?? 'Countersign';

/** Shows `state` as `me` (a Teams user id) sees it. */
export function show(state, me) {
  if (here.me !== me) Object.assign(here, { me, chosen: false });
  here.state = state;
  const chat = current();
  here.chat = chat?.id;
  if (chat) here.seen.set(`${me} ${chat.id}`, chat.messages.length);
  const tabs = mine().map((one) => ({ id: one.id, name: one.name, chosen: one === chat, unread: Math.max(0, one.messages.length - (here.seen.get(`${me} ${one.id}`) ?? 0)) }));
  keep(place.tabs, tabs, (tab) => tab.id, (tab) => make('button', {
    type: 'button', class: 'tab', 'aria-pressed': String(tab.chosen), onclick: () => { Object.assign(here, { chat: tab.id, chosen: true }); show(here.state, here.me); },
  }, tab.name, tab.unread ? make('span', { class: 'count' }, `${tab.unread} new`) : null));
  followEnd(place.list, () => drawMessages(chat));
}

function drawMessages(chat) {
  const items = (chat?.messages ?? []).map((message) => ({ message: faced(message), me: here.me, theme: theme(), chat: chat.id, answer: here.answers.get(`${here.me} ${message.id}`) }));
  keep(place.list, items, (item) => `${item.chat} ${item.message.id}`, drawMessage);
  if (!items.length) place.list.replaceChildren(make('p', { class: 'empty' }, 'Nothing to sign. The card comes here when somebody asks.'));
  else place.list.querySelector(':scope > .empty')?.remove();
}

/** A card that a button was answered with stands for the person who pressed, until it changes for all. */
function faced(message) {
  const face = here.faces.get(`${here.me} ${message.id}`);
  return face && face.print === JSON.stringify(message.card) ? { ...message, card: face.card } : message;
}

function drawMessage({ message, chat, answer }, changed) {
  const body = make('div', { class: 'message-body' });
  const element = make('article', { class: `message ${message.card ? 'with-card' : ''} ${changed ? 'changed' : ''}`, 'data-id': message.id },
    avatar(message.from ?? 'bot', nameOf(message.from), fromBot(message)),
    make('div', { class: 'message-main' },
      make('p', { class: 'message-head' }, make('strong', {}, nameOf(message.from)), fromBot(message) ? make('span', { class: 'tag' }, 'App') : null,
        message.at ? make('time', {}, atMinute(new Date(message.at))) : null, message.updated ? make('span', { class: 'edited' }, 'updated') : null),
      body,
      answer ? make('p', { class: `answer ${answer.kind === 'error' ? 'refused' : ''}`, role: 'status' }, answer.text, make('small', {}, ' Only you see this.')) : null));
  const press = async (verb, data) => {
    element.setAttribute('aria-busy', 'true');
    for (const button of body.querySelectorAll('button')) button.disabled = true;
    const said = await post('/demo/teams/press', { user: here.me, conversation: chat, message: message.id, verb, data });
    element.removeAttribute('aria-busy');
    for (const button of body.querySelectorAll('button')) button.disabled = false;
    here.answers.set(`${here.me} ${message.id}`, said?.answer);
    const shared = mine().flatMap((one) => one.messages).find((one) => one.id === message.id);
    if (said?.card && shared) here.faces.set(`${here.me} ${message.id}`, { card: said.card, print: JSON.stringify(shared.card) });
    show(here.state, here.me);
  };
  if (message.text) body.append(make('p', { class: 'plain' }, linked(message.text)));
  if (message.card) drawCard(body, message, press);
  return element;
}

function drawCard(body, message, press) {
  const card = make('div', { class: 'card', role: 'group', 'aria-label': message.summary ?? 'Card' });
  body.append(card);
  if (window.CountersignCards) {
    const complaints = window.CountersignCards.draw(card, message.card, { theme: theme(), on: { execute: press, submit: (data) => press(null, data) } });
    if (complaints.length) console.warn('The card renderer says:', complaints);
    return;
  }
  const { lines, inputs, actions } = faces(message.card);
  const fields = inputs.map((input) => [input, make(input.choices ? 'select' : 'input', { class: 'field', id: `${message.id}-${input.id}` },
    (input.choices ?? []).map((choice) => make('option', { value: choice.value, selected: choice.value === input.value }, choice.title)))]);
  for (const [input, field] of fields) if (!input.choices) field.value = input.value ?? '';
  const typed = () => Object.fromEntries(fields.map(([input, field]) => [input.id, field.value]));
  card.append(
    ...(lines.length ? lines : [message.summary ?? '']).map((line) => make('p', { class: 'plain' }, linked(line))),
    ...fields.map(([input, field]) => make('label', { class: 'labelled' }, make('span', { class: 'label' }, input.label ?? input.placeholder ?? input.id), field)),
    make('div', { class: 'controls' }, actions.map((action) => make('button', { type: 'button', class: 'slack-button', onclick: () => {
      if (action.type === 'Action.OpenUrl') window.open(action.url, '_blank', 'noopener,noreferrer');
      else press(action.type === 'Action.Execute' ? action.verb ?? '' : null, { ...action.data, ...(action.associatedInputs === 'none' ? {} : typed()) });
    } }, action.title))),
  );
}

place.form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = place.text.value.trim();
  if (!text || !here.chat) return;
  const said = await post('/demo/teams/say', { user: here.me, conversation: here.chat, text });
  if (said) place.text.value = '';
});
