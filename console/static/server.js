// What the page asks of the server. Every refusal becomes one sentence and one hint, shown on the page.

let complain = () => {};
let settle = () => {};
export const onTrouble = (show, hide) => { complain = show; settle = hide; };

/** Posts and returns the answer, or null after showing why it was refused. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    const said = text ? JSON.parse(text) : {};
    if (answer.ok) {
      settle();
      return said;
    }
    complain(said.error ?? `The server answered ${answer.status}.`, said.hint ?? 'Look at the terminal where the demo runs.');
  } catch {
    complain('The server did not answer.', 'Is `make demo` still running in its terminal?');
  }
  return null;
}

/** Calls `onState` with each snapshot and `onLine` with whether news is arriving. */
export function follow(onState, onLine) {
  const events = new EventSource('/demo/events');
  events.addEventListener('state', (event) => onState(JSON.parse(event.data)));
  events.addEventListener('open', () => onLine(true));
  events.addEventListener('error', () => onLine(false));
  fetch('/demo/state').then((answer) => answer.json()).then(onState).catch(() => onLine(false));
}
