// What happened: the user concerned as the tenant has them now, and the record as it grows.
import { atSecond, followEnd, keep, make, onDay } from './dom.js';

const place = { user: document.querySelector('#tenant'), record: document.querySelector('#record'), count: document.querySelector('#record-count') };
const first = new Map();

const list = (items) => (items?.length ? [...items].sort().join(', ') : 'none');
const when = (iso) => (iso ? onDay(iso) : 'never');

/** The facts of a user that the demo's changes move, in reading order. */
const FACTS = [
  ['Sign-in', (user) => (user.sign_in === 'blocked' ? 'Blocked' : 'Enabled')],
  ['Last password change', (user) => when(user.password_changed_at) + (user.must_change_password ? ', must choose a new one' : '')],
  ['Sessions valid from', (user) => when(user.sessions_valid_from)],
  ['Groups', (user) => list(user.groups)],
  ['Licences', (user) => list(user.licences)],
  ['Automatic replies', (user) => (user.automatic_reply?.on ? `On: “${user.automatic_reply.text}”` : 'Off')],
];

export function show(state) {
  drawUser(state.tenant?.user ?? null, state.tenant?.before ?? null);
  const record = state.record ?? [];
  place.count.textContent = record.length ? `${record.length} ${record.length === 1 ? 'fact' : 'facts'}` : '';
  followEnd(place.record, () => keep(place.record, record, (fact) => fact.seq, drawFact));
  place.record.parentElement.classList.toggle('nothing', !record.length);
}

function drawUser(user, known) {
  if (!user) {
    place.user.replaceChildren(make('p', { class: 'empty' }, 'The person a request is about appears here, before and after.'));
    return;
  }
  if (!first.has(user.upn)) first.set(user.upn, user);
  const before = known ?? first.get(user.upn);
  const print = JSON.stringify([user, before]);
  if (place.user.print === print) return;
  place.user.print = print;
  place.user.replaceChildren(
    make('p', { class: 'who' }, make('strong', {}, user.name), make('span', {}, user.upn), make('span', {}, [user.title, user.department].filter(Boolean).join(', '))),
    make('dl', {}, FACTS.flatMap(([name, read]) => {
      const [now, was] = [read(user), read(before)];
      const moved = now !== was;
      return make('div', { class: moved ? 'fact moved' : 'fact' }, make('dt', {}, name),
        make('dd', {}, make('span', { class: name === 'Sign-in' ? `pill ${user.sign_in}` : '' }, now), moved ? make('small', {}, `was: ${was}`) : null));
    })),
  );
}

const drawFact = (fact) => make('li', {},
  make('span', { class: 'seq' }, String(fact.seq)),
  make('span', { class: 'said' }, make('strong', {}, fact.kind), ' ', fact.text),
  make('span', { class: 'marks' }, make('time', { datetime: fact.at }, atSecond(fact.at)), make('code', { title: `Leaf hash ${fact.leaf}` }, fact.leaf.slice(0, 10))));
