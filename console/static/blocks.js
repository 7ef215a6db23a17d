// Reads Slack blocks without drawing them: what is only shown, what can be pressed or filled in,
// and what it all says in plain text. Pure: runs in Node for its tests.

const CONTROLS = new Set([
  'button', 'static_select', 'users_select', 'external_select', 'multi_static_select', 'multi_external_select', 'overflow', 'radio_buttons', 'checkboxes',
  'plain_text_input', 'email_text_input', 'number_input', 'url_text_input', 'datepicker', 'timepicker', 'datetimepicker',
]);

const isControl = (element) => CONTROLS.has(element?.type);

/**
 * Splits blocks into runs for the renderer and rows of controls for the page:
 * `{ kind: 'drawn', blocks }`, `{ kind: 'controls', block_id, elements }`, `{ kind: 'input', block }`.
 */
export function segments(blocks = []) {
  const out = [];
  const drawn = (block) => {
    if (out.at(-1)?.kind === 'drawn') out.at(-1).blocks.push(block);
    else out.push({ kind: 'drawn', blocks: [block] });
  };
  for (const block of blocks) {
    if (block.type === 'actions') {
      out.push({ kind: 'controls', block_id: block.block_id, elements: block.elements.filter(isControl) });
    } else if (block.type === 'input') {
      out.push({ kind: 'input', block });
    } else if (block.type === 'section' && isControl(block.accessory)) {
      const { accessory, ...rest } = block;
      drawn(rest);
      out.push({ kind: 'controls', block_id: block.block_id, elements: [accessory] });
    } else {
      drawn(block);
    }
  }
  return out;
}

/** Slack's mrkdwn as plain text: `<@U1>` becomes a name, `<url|label>` its label, entities their letters. */
export function readable(text = '', nameOf = (id) => id) {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id) => `@${nameOf(id)}`)
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, '#$1')
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<mailto:([^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** A quoted line is set in by an em space; a `>` that somebody typed is `&gt;` here, and stays. */
const quoted = ({ type, text }) => (type === 'plain_text' ? text : text.replace(/^> ?/gm, '\u2003'));

/** Everything the blocks say, one line each, for a page without the renderer. */
export function plainLines(blocks = [], nameOf = undefined) {
  const lines = [];
  const say = (object) => { if (object?.text) lines.push(readable(quoted(object), nameOf).replace(/[*`]/g, '')); };
  for (const block of blocks) {
    say(typeof block.text === 'object' ? block.text : null);
    for (const field of block.fields ?? []) say(field);
    if (block.type === 'context') for (const element of block.elements ?? []) say(element);
    if (block.type === 'markdown') say({ text: block.text });
    if (block.type === 'rich_text') lines.push(...richLines(block, nameOf));
    if (block.type === 'table') lines.push(...block.rows.map((row) => row.map((cell) => cell.text ?? '').join(' | ')));
  }
  return lines;
}

function richLines(block, nameOf = (id) => id) {
  const word = (part) => {
    if (part.type === 'user') return `@${nameOf(part.user_id)}`;
    if (part.type === 'link') return part.text ?? part.url;
    return part.text ?? part.name ?? '';
  };
  const walk = (element) => {
    if (element.type === 'rich_text_list') return element.elements.map((item) => `- ${walk(item)}`).join('\n');
    return (element.elements ?? []).map(word).join('');
  };
  return (block.elements ?? []).map(walk);
}
