// The parts of the page that read messages without drawing them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { plainLines, readable, segments } from '../static/blocks.js';
import { faces, waits } from '../static/cards.js';

const button = { type: 'button', action_id: 'approve', value: '1042', text: { type: 'plain_text', text: 'Approve' } };
const section = { type: 'section', block_id: 's', text: { type: 'mrkdwn', text: 'Reset the password of *John*' } };

test('what is only shown stays together and buttons come out as controls', () => {
  const parts = segments([section, { type: 'divider' }, { type: 'actions', block_id: 'a', elements: [button] }, section]);
  assert.deepEqual(parts.map((part) => part.kind), ['drawn', 'controls', 'drawn']);
  assert.equal(parts[0].blocks.length, 2);
  assert.deepEqual(parts[1], { kind: 'controls', block_id: 'a', elements: [button] });
});

test('a button beside a section is a control, and the section is still drawn', () => {
  const parts = segments([{ ...section, accessory: button }]);
  assert.deepEqual(parts, [{ kind: 'drawn', blocks: [section] }, { kind: 'controls', block_id: 's', elements: [button] }]);
});

test('a picture beside a section stays with the renderer', () => {
  const picture = { ...section, accessory: { type: 'image', image_url: 'https://x/y.png', alt_text: 'photo' } };
  assert.deepEqual(segments([picture]), [{ kind: 'drawn', blocks: [picture] }]);
});

test('mrkdwn reads as people would say it', () => {
  const names = (id) => ({ U1: 'Tina' })[id] ?? id;
  assert.equal(readable('<@U1> wrote <mailto:a@b.c|a@b.c> &amp; &lt;x&gt;', names), '@Tina wrote a@b.c & <x>');
  assert.equal(readable('<https://h/s/1#t|Open>'), 'Open (https://h/s/1#t)');
  assert.equal(readable('until <!date^1795340000^{time}|tomorrow 09:30>'), 'until tomorrow 09:30');
});

test('entities are decoded once only', () => {
  assert.equal(readable('&amp;lt;b&amp;gt;'), '&lt;b&gt;');
});

test('plain lines hold every text of the blocks', () => {
  const lines = plainLines([section, { type: 'context', elements: [{ type: 'mrkdwn', text: 'Request `#1042`' }] }]);
  assert.deepEqual(lines, ['Reset the password of John', 'Request #1042']);
});

test('a quoted line is set in, and a sign that somebody typed stays', () => {
  const text = { type: 'mrkdwn', text: 'Steps\n> before → after\n&gt; typed' };
  assert.deepEqual(plainLines([{ type: 'section', text }]), ['Steps\n\u2003before → after\n> typed']);
});

test('a card gives its lines, inputs and buttons in reading order', () => {
  const card = {
    body: [
      { type: 'TextBlock', text: '**Reset** a password' },
      { type: 'ColumnSet', columns: [{ type: 'Column', items: [{ type: 'FactSet', facts: [{ title: 'For', value: 'John' }] }] }] },
      { type: 'TextBlock', text: 'hidden', isVisible: false },
      { type: 'Input.Text', id: 'reason' },
      { type: 'ActionSet', actions: [{ type: 'Action.Execute', verb: 'a', title: 'A' }] },
    ],
    actions: [{ type: 'Action.OpenUrl', url: 'https://x', title: 'More' }],
  };
  const { lines, inputs, actions } = faces(card);
  assert.deepEqual(lines, ['Reset a password', 'For: John']);
  assert.deepEqual(inputs.map((input) => input.id), ['reason']);
  assert.deepEqual(actions.map((action) => action.title), ['A', 'More']);
});

test('a card waits while somebody can press something', () => {
  assert.equal(waits({ body: [], actions: [{ type: 'Action.Execute' }] }), true);
  assert.equal(waits({ body: [], actions: [{ type: 'Action.OpenUrl' }] }), false);
});

test('the page loads nothing from elsewhere and runs no script of its own inline', async () => {
  const html = await readFile(new URL('../static/index.html', import.meta.url), 'utf8');
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//);
  assert.doesNotMatch(html, /<script(?![^>]*src=)[^>]*>/);
  assert.doesNotMatch(html, /\son\w+=|\sstyle=/);
});

test('the lock file names no registry', async () => {
  const lock = await readFile(new URL('../package-lock.json', import.meta.url), 'utf8');
  assert.doesNotMatch(lock, /"resolved"/);
});
