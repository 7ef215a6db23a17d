// Draws Teams' cards with the official renderer. Loaded as a plain script; leaves one global.
import * as AC from 'adaptivecards';
import MarkdownIt from 'markdown-it';
import { hostConfig } from './host-config.js';

// Teams reads only a little Markdown; raw HTML stays text.
const markdown = new MarkdownIt('zero', { html: false }).enable(['emphasis', 'link', 'list', 'escape', 'newline', 'entity']);
AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

/**
 * Draws `card` into `place` and returns what the renderer complained about, as sentences.
 * `on.execute(verb, data)` is called for Action.Execute, `on.submit(data)` for Action.Submit.
 */
function draw(place, card, { theme = 'light', on = {} } = {}) {
  const complaints = [];
  const drawing = new AC.AdaptiveCard();
  drawing.hostConfig = new AC.HostConfig(hostConfig(theme));
  drawing.onExecuteAction = (action) => {
    if (action instanceof AC.ExecuteAction) on.execute?.(action.verb ?? '', action.data ?? {});
    else if (action instanceof AC.SubmitAction) on.submit?.(action.data ?? {});
    else if (action instanceof AC.OpenUrlAction) window.open(action.url, '_blank', 'noopener,noreferrer');
  };
  drawing.onAnchorClicked = (_element, anchor) => {
    anchor.target = '_blank';
    anchor.rel = 'noopener noreferrer';
    return false;
  };
  const context = new AC.SerializationContext(AC.Versions.v1_6);
  drawing.parse(card, context);
  for (let i = 0; i < context.eventCount; i += 1) complaints.push(context.getEventAt(i).message);
  for (const event of drawing.validateProperties().validationEvents) complaints.push(event.message);
  const drawn = drawing.render();
  if (drawn) place.replaceChildren(drawn);
  else complaints.push('the renderer drew nothing');
  place.classList.add('drawn-card');
  return complaints;
}

window.CountersignCards = { draw };
