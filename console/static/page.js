// The demo page: the technician's Slack, the approver's Teams, and what happened. It only plays the
// two chats' part; everything it shows comes from `GET /demo/state` and its events (see README.md).
import { make, tellOfMore } from './dom.js';
import { follow, onTrouble } from './server.js';
import { waits } from './cards.js';
import * as slack from './slack.js';
import * as teams from './teams.js';
import * as result from './result.js';

const EXAMPLE = 'reset the password for john.doe@contoso.com';
const find = (selector) => document.querySelector(selector);
let state = null;

function redraw() {
  if (!state) return;
  slack.show(state, find('#slack-me').value);
  teams.show(state, find('#teams-me').value);
  result.show(state);
  markStep();
}

function take(snapshot) {
  const started = !state;
  state = snapshot;
  seat('#slack-me', 'slack', 'technician');
  seat('#teams-me', 'teams', 'approver');
  if (started) offerExample();
  redraw();
}

/** Fills a person picker; keeps the choice, and starts with the first of the wanted role. */
function seat(selector, chat, role) {
  const picker = find(selector);
  const seated = state.people.filter((person) => person[chat]);
  const wanted = seated.map((person) => `${person[chat]} ${person.name}`).join();
  if (picker.print === wanted) return;
  const chosen = picker.value || seated.find((person) => person.role === role)?.[chat] || seated[0]?.[chat];
  picker.print = wanted;
  picker.replaceChildren(...seated.map((person) => make('option', { value: person[chat], selected: person[chat] === chosen },
    person.title ? `${person.name}, ${person.title}` : person.name)));
}

/** The first request is already written: a newcomer only presses Send. */
function offerExample() {
  const spoken = state.slack.channels.some((channel) => channel.messages.some((message) => message.user && !message.bot));
  if (!spoken && !find('#slack-text').value) find('#slack-text').value = EXAMPLE;
}

/** Which of the three steps is next: ask, sign, or look. */
function markStep() {
  const cards = state.teams.conversations.flatMap((chat) => chat.messages).filter((message) => message.card);
  const next = cards.some((message) => waits(message.card)) ? 2 : cards.length ? 3 : 1;
  document.querySelectorAll('#steps li').forEach((step, at) => {
    if (at + 1 === next) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
    step.classList.toggle('past', at + 1 < next);
  });
}

onTrouble((error, hint) => {
  find('#trouble-error').textContent = error;
  find('#trouble-hint').textContent = hint ?? '';
  find('#trouble').hidden = false;
}, () => { find('#trouble').hidden = true; });
find('#trouble-close').addEventListener('click', () => { find('#trouble').hidden = true; });

for (const selector of ['#slack-me', '#teams-me']) find(selector).addEventListener('change', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

for (const box of document.querySelectorAll('.composer textarea')) {
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
}

for (const list of document.querySelectorAll('.messages')) tellOfMore(list);

find('#no-cards').hidden = Boolean(window.CountersignCards && window.CountersignBlocks);

follow(take, (live) => {
  find('#line').textContent = live ? 'Live' : 'Reconnecting';
  find('#line').classList.toggle('down', !live);
});
