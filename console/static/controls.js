// Slack's controls as ordinary form controls: a press reports { action_id, block_id, value },
// and what was filled in reads as Slack's own `state.values`.
import { make } from './dom.js';
import { readable } from './blocks.js';

const options = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
const entry = (element, filled) => ({ type: element.type, ...filled });

/** One control. `press` is called for a button at once and for the others when they change. */
export function control(element, { block_id, people, press, search }) {
  const report = (value) => press?.({ action_id: element.action_id, block_id, value });
  const note = (read) => { drawn ??= read.field; drawn.read = read; drawn.action_id = element.action_id; drawn.block_id = block_id; return drawn; };
  let drawn;
  switch (element.type) {
    case 'button': {
      drawn = make('button', { type: 'button', class: `slack-button ${element.style ?? ''}`, 'aria-label': element.accessibility_label }, element.text.text);
      drawn.addEventListener('click', async () => {
        if (element.confirm && !(await confirmed(element.confirm))) return;
        if (element.url) window.open(element.url, '_blank', 'noopener,noreferrer');
        report(element.value);
      });
      return note(() => null);
    }
    case 'external_select':
    case 'multi_external_select':
    case 'multi_static_select':
      return note(picker(element, { block_id, search }));
    case 'static_select':
    case 'overflow':
    case 'users_select': {
      const choices = element.type === 'users_select'
        ? people.filter((person) => person.slack).map((person) => ({ value: person.slack, text: { text: person.name } }))
        : options(element);
      drawn = make('select', { class: 'field', 'aria-label': element.placeholder?.text ?? 'Choose' },
        make('option', { value: '' }, element.placeholder?.text ?? (element.type === 'overflow' ? 'More' : 'Choose')),
        choices.map((choice) => make('option', {
          value: choice.value,
          selected: choice.value === (element.initial_option?.value ?? element.initial_user),
        }, choice.text.text + (choice.description ? ` (${choice.description.text})` : ''))));
      drawn.addEventListener('change', () => drawn.value && report(drawn.value));
      return note(() => (element.type === 'users_select'
        ? entry(element, { selected_user: drawn.value || null })
        : entry(element, { selected_option: choices.find((choice) => choice.value === drawn.value) ?? null })));
    }
    case 'radio_buttons':
    case 'checkboxes': {
      const many = element.type === 'checkboxes';
      const group = `${block_id}-${element.action_id}`;
      const first = many ? (element.initial_options ?? []) : [element.initial_option].filter(Boolean);
      const boxes = options(element).map((option) => make('input', {
        type: many ? 'checkbox' : 'radio', name: group, value: option.value, checked: first.some((one) => one.value === option.value),
      }));
      drawn = make('span', { class: 'choices', role: many ? 'group' : 'radiogroup' }, options(element).map((option, at) => make('label', {},
        boxes[at], make('span', {}, readable(option.text.text), option.description ? make('small', {}, readable(option.description.text)) : null))));
      const chosen = () => options(element).filter((_, at) => boxes[at].checked);
      drawn.addEventListener('change', () => report(many ? chosen().map((one) => one.value) : chosen()[0]?.value));
      return note(() => entry(element, many ? { selected_options: chosen() } : { selected_option: chosen()[0] ?? null }));
    }
    case 'datepicker':
    case 'timepicker': {
      const date = element.type === 'datepicker';
      drawn = make('input', { class: 'field', type: date ? 'date' : 'time', value: element.initial_date ?? element.initial_time ?? '' });
      drawn.addEventListener('change', () => drawn.value && report(drawn.value));
      return note(() => entry(element, { [date ? 'selected_date' : 'selected_time']: drawn.value || null }));
    }
    case 'datetimepicker': {
      drawn = make('input', { class: 'field', type: 'datetime-local' });
      const seconds = () => (drawn.value ? Math.floor(new Date(drawn.value).getTime() / 1000) : null);
      drawn.addEventListener('change', () => seconds() && report(String(seconds())));
      return note(() => entry(element, { selected_date_time: seconds() }));
    }
    default: {
      drawn = make(element.multiline ? 'textarea' : 'input', {
        class: 'field', placeholder: element.placeholder?.text, maxlength: String(element.max_length ?? 3000),
        inputmode: element.type === 'number_input' ? 'decimal' : null, type: element.multiline ? null : 'text', rows: element.multiline ? '3' : null,
      });
      drawn.value = element.initial_value ?? '';
      return note(() => entry(element, { value: drawn.value || null }));
    }
  }
}

/** Chosen from a list that is searched while one types; several stay as marks that can be taken away. */
function picker(element, { block_id, search }) {
  const many = element.type.startsWith('multi_');
  let offered = options(element);
  const chosen = [...(element.initial_options ?? []), ...[element.initial_option].filter(Boolean)];
  const list = `${block_id}-${element.action_id}-list`;
  const label = (option) => option.text.text + (option.description ? ` (${option.description.text})` : '');
  const found = make('datalist', { id: list });
  const text = make('input', { class: 'field', list, autocomplete: 'off', placeholder: element.placeholder?.text ?? 'Choose', 'aria-label': element.placeholder?.text ?? 'Choose' });
  const marks = make('span', { class: 'choices' });
  const show = () => {
    found.replaceChildren(...offered.map((option) => make('option', { value: label(option) })));
    marks.replaceChildren(...(many ? chosen : []).map((option) => make('button', {
      type: 'button', class: 'quiet', onclick: () => { chosen.splice(chosen.indexOf(option), 1); show(); },
    }, `${option.text.text} ×`)));
    if (!many && chosen[0]) text.value = label(chosen[0]);
  };
  const take = () => {
    const option = offered.find((one) => label(one) === text.value);
    if (!option) return false;
    if (!many) chosen.length = 0;
    if (!chosen.some((one) => one.value === option.value)) chosen.push(option);
    if (many) text.value = '';
    show();
    return true;
  };
  text.addEventListener('input', async () => {
    if (take()) return;
    if (!many) chosen.length = 0;
    if (!element.type.includes('external') || text.value.length < (element.min_query_length ?? 3)) return;
    offered = (await search?.({ block_id, typed: text.value })) ?? [];
    found.replaceChildren(...offered.map((option) => make('option', { value: label(option) })));
  });
  text.addEventListener('change', take);
  show();
  const read = () => entry(element, many ? { selected_options: [...chosen] } : { selected_option: chosen[0] ?? null });
  read.field = make('span', { class: 'picker' }, text, found, marks);
  return read;
}

/** What was filled in under `place`, in the shape of Slack's `state.values`. */
export function filled(place) {
  const values = {};
  const walk = (element) => {
    if (element.read) {
      const value = element.read();
      if (value) (values[element.block_id] ??= {})[element.action_id] = value;
    }
    for (const child of element.children) walk(child);
  };
  walk(place);
  return values;
}

/** Asks as Slack does before a button with a `confirm`; true when the person goes on. */
function confirmed(ask) {
  const dialog = make('dialog', { class: 'modal small', 'aria-label': ask.title.text });
  const close = (answer) => make('button', { type: 'button', class: `slack-button ${answer === 'yes' ? ask.style ?? 'primary' : ''}`, onclick: () => dialog.close(answer) },
    (answer === 'yes' ? ask.confirm : ask.deny).text);
  dialog.append(make('h3', {}, ask.title.text), make('p', {}, readable(ask.text.text)), make('div', { class: 'modal-foot' }, close('no'), close('yes')));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => { dialog.remove(); done(dialog.returnValue === 'yes'); }, { once: true }));
}
