import type { TakenCall } from '../../playground/runtime/messages.ts';
import { listen, tellsCalls } from './page.ts';

/** How to say the names of a diagram's participants. */
const participants: { [name: string]: string } = { App: 'your app', Auth: 'Supabase Auth', Mail: 'mailbox' };

/**
 * Shows a copy of the page's diagram NAME in the figure `steps`. The copy follows the app in `frame`: it marks the steps since the
 * flow last began, the latest step, and refusals. The caption tells screen readers the step. Throws if the page has no such diagram.
 */
export function followRun(frame: HTMLIFrameElement, name: string, steps: HTMLElement): void {
  const original = document.getElementById(`diagram-${name}`);
  const copy = steps.querySelector('[data-copy]');
  const caption = steps.querySelector('figcaption');
  if (!original || !copy || !caption) throw new Error(`There is no diagram ${name} on this page.`);
  // Styles and arrowheads refer to ids, which must be unique in a page.
  copy.innerHTML = original.outerHTML.replaceAll(original.id, `${original.id}-run`);

  const messages = [...copy.querySelectorAll<SVGGElement>('[data-on]')];
  listen(frame, (message) => tellsCalls(message) && show(message.calls));
  show([]);

  function show(calls: TakenCall[]): void {
    const [first] = messages;
    const flow = calls.slice(calls.findLastIndex((call) => first && isOn(first, call)));
    const taken = flow.filter((call) => messages.some((message) => isOn(message, call)));
    const last = taken.at(-1);
    for (const message of messages) {
      if (last && isOn(message, last)) message.dataset['step'] = last.refused ? 'refused' : 'now';
      else if (taken.some((call) => !call.refused && isOn(message, call))) message.dataset['step'] = 'taken';
      else delete message.dataset['step'];
    }
    const now = messages.findLast(({ dataset }) => dataset['step'] === 'now' || dataset['step'] === 'refused');
    const said = now ? say(now) : 'The diagram highlights each step as you take it.';
    if (caption && caption.textContent !== said) caption.textContent = said;
  }

  function say(message: SVGGElement): string {
    const arrow = message.querySelector<SVGElement>('[data-from]');
    const text = [...message.querySelectorAll('.messageText')].map(({ textContent }) => textContent).join('');
    const step = `Step ${messages.indexOf(message) + 1} of ${messages.length}`;
    const refused = message.dataset['step'] === 'refused' ? ', refused' : '';
    const [from, to] = [arrow?.dataset['from'], arrow?.dataset['to']].map((name = '') => participants[name] ?? name);
    return `${step}${refused}: ${text} (${from} to ${to})`;
  }
}

/** Whether a call is the step that a message of the diagram stands for. Compares method, path (`*` stands for an id) and, if given, the status. */
function isOn({ dataset }: SVGGElement, { method, path, status }: TakenCall): boolean {
  const [onMethod, onPath = '', onStatus] = (dataset['on'] ?? '').split(' ');
  const pattern = new RegExp(`^${onPath.replace('*', '[^/]+')}$`);
  return method === onMethod && pattern.test(path) && (onStatus === undefined || onStatus === String(status));
}
