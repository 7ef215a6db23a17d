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

/** Draws `blocks` into `place`; `names` are lists of `{ id, name }` for mentions. */
function draw(place, blocks, { theme = 'light', names = {} } = {}) {
  let root = roots.get(place);
  if (!root) {
    root = createRoot(place);
    roots.set(place, root);
  }
  flushSync(() => {
    root.render(
      <Message blocks={blocks} logo="" name="" theme={theme} withoutWrapper showBlockKitDebug={false} data={names} hooks={hooks} />,
    );
  });
  place.classList.add('drawn-blocks');
}

window.CountersignBlocks = { draw };
