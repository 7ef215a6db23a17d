// Draws Slack's blocks. Only the drawing: controls that take a click or an input are the page's own
// (static/controls.js), because this renderer shows them but does not report what people do.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Message } from 'slack-blocks-to-jsx';

const roots = new WeakMap();

const hooks = {
  link: ({ href, children, className }) => (
    <a href={href} className={className} target="_blank" rel="noopener noreferrer">{children}</a>
  ),
};

/**
 * The same without `verbatim`. To Slack it means that addresses in a text are not made into links
 * (docs.slack.dev, text object); this renderer shows such a text with its marks, undrawn.
 */
function marked(value) {
  if (Array.isArray(value)) return value.map(marked);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'verbatim');
  return Object.fromEntries(kept.map(([key, inner]) => [key, marked(inner)]));
}

/** Draws `blocks` into `place`; `names` are lists of `{ id, name }` for mentions. */
function draw(place, blocks, { theme = 'light', names = {} } = {}) {
  let root = roots.get(place);
  if (!root) {
    root = createRoot(place);
    roots.set(place, root);
  }
  flushSync(() => {
    root.render(
      <Message blocks={marked(blocks)} logo="" name="" theme={theme} withoutWrapper showBlockKitDebug={false} data={names} hooks={hooks} />,
    );
  });
  place.classList.add('drawn-blocks');
}

window.CountersignBlocks = { draw };
