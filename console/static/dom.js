// Small words for making page elements. Text is always set as text, never as markup.

/** `make('p', { class: 'note', onclick: f }, 'text', child)` */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== 'string') element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Makes `list` show `items` in order and redraws only what changed, so that a half-typed answer
 * and the keyboard focus survive news from the server.
 */
export function keep(list, items, keyOf, draw) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const key = String(keyOf(item));
    const print = JSON.stringify(item);
    const known = old.get(key);
    if (known && known.print === print) return known;
    const fresh = draw(item, Boolean(known));
    fresh.dataset.key = key;
    fresh.print = print;
    return fresh;
  });
  const stay = new Set(wanted);
  for (const child of [...list.children]) if (!stay.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  });
}

/**
 * Shows what is new at the end of `list`, unless the reader has scrolled up to read. A message
 * taller than the list is shown from its top.
 */
export function followEnd(list, change) {
  const before = [...list.children];
  const nearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  // Where we put it, at the top of a tall message, the reader has not scrolled either.
  const untouched = nearEnd || Math.abs(list.scrollTop - list.placedAt) < 2;
  change();
  const last = list.lastElementChild;
  const elsewhere = !before.some((child) => child.isConnected);
  if (!last || last === before.at(-1) || !(untouched || elsewhere)) return;
  list.scrollTop = last.offsetHeight > list.clientHeight ? last.offsetTop - 8 : list.scrollHeight;
  list.placedAt = list.scrollTop;
}

/** Shows the button after `list` while there is more of it below: the buttons of a tall card, say. */
export function tellOfMore(list) {
  const button = list.nextElementSibling;
  const look = () => { button.hidden = list.scrollHeight - list.scrollTop - list.clientHeight < 48; };
  list.addEventListener('scroll', look, { passive: true });
  new ResizeObserver(look).observe(list);
  new MutationObserver(look).observe(list, { childList: true, subtree: true });
  button.addEventListener('click', () => list.scrollTo({ top: list.scrollHeight }));
}

const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'short' });

export const atSecond = (iso) => clock.format(new Date(iso));
export const atMinute = (date) => minute.format(date);
export const onDay = (iso) => full.format(new Date(iso));

export const theme = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** The initials of a name, for the little square beside a message. */
export const initials = (name) => name.split(/\s+/).map((word) => word[0] ?? '').join('').slice(0, 2).toUpperCase();

/** A steady colour for a person, out of eight calm ones. */
export function tint(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 8;
  return `tint-${sum}`;
}

export const avatar = (id, name, bot) => (bot
  ? make('span', { class: 'avatar bot', 'aria-hidden': 'true' })
  : make('span', { class: `avatar ${tint(id)}`, 'aria-hidden': 'true' }, initials(name)));

/** Plain text whose web addresses can be followed, in a new tab. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>()]+)/).map((part) => (/^https?:\/\//.test(part)
    ? make('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part)
    : part));
}
