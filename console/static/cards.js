// Reads an Adaptive Card without drawing it: its lines, its inputs and its buttons, for a page
// without the renderer. Pure: runs in Node for its tests.

const withoutMarks = (text) => String(text).replace(/\*\*|\\(?=[^\w\s])/g, '');

/** `{ lines, inputs, actions }` of the card, in reading order. */
export function faces(card) {
  const out = { lines: [], inputs: [], actions: [] };
  for (const element of card?.body ?? []) read(element, out);
  out.actions.push(...(card?.actions ?? []).filter((action) => action.type !== 'Action.ShowCard'));
  return out;
}

function read(element, out) {
  if (!element || element.isVisible === false) return;
  if (element.type === 'TextBlock') out.lines.push(withoutMarks(element.text ?? ''));
  if (element.type === 'RichTextBlock') out.lines.push((element.inlines ?? []).map((run) => run.text ?? run).join(''));
  if (element.type === 'FactSet') for (const fact of element.facts ?? []) out.lines.push(`${withoutMarks(fact.title)}: ${withoutMarks(fact.value)}`);
  if (element.type?.startsWith('Input.')) out.inputs.push(element);
  if (element.type === 'ActionSet') out.actions.push(...(element.actions ?? []));
  for (const child of [...(element.items ?? []), ...(element.columns ?? []), ...(element.rows ?? []), ...(element.cells ?? [])]) read(child, out);
}

/** Does the card still wait for somebody to press something? */
export const waits = (card) => faces(card).actions.some((action) => action.type === 'Action.Execute' || action.type === 'Action.Submit');
