import { codeActions } from './code.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';
import { isDemo, projectUrl, readJson } from './project.ts';

/** The fields of a send-SMS hook's payload that this code reads. */
interface TextMessage {
  metadata: { uuid: string; time: string };
  user: { email: string };
  sms: { otp: string; phone: string };
}

/** `<demo-phone>`: the text messages of all demo accounts. The newest is last, so that older ones don't move. */
export class DemoPhone extends HTMLElement {
  readonly #list = element('div', { className: 'texts', tabIndex: 0, role: 'group', ariaLabel: 'Text messages' });
  readonly #shown = new Set<string>();
  readonly #texted = new Set<string>();
  #started?: true;

  /** Whether there's a text message for this account. */
  hasTextFor(email: string): boolean {
    return this.#texted.has(email);
  }

  connectedCallback(): void {
    this.append(element('h3', {}, 'Phone'));
    if (!isDemo) {
      this.append(element('p', {}, 'A real project sends its text messages to real phones.'));
      return;
    }
    this.#list.append(element('p', { className: 'quiet' }, 'Text messages with a code appear here.'));
    this.append(this.#list);
  }

  /** Shows new messages, and announces them except when the page has just loaded. */
  async refresh(): Promise<void> {
    if (!isDemo) return;
    for (const { metadata, user, sms } of await readJson<TextMessage[]>(`${projectUrl}/sms`)) {
      if (this.#shown.has(metadata.uuid)) continue;
      this.#shown.add(metadata.uuid);
      this.#texted.add(user.email);
      if (this.#shown.size === 1) this.#list.replaceChildren();
      const to = `+${sms.phone}`;
      const code = element('code', {}, sms.otp);
      this.#list.append(
        element(
          'div',
          { className: 'factor', role: 'group', ariaLabel: `Text message to ${user.email}` },
          element('p', {}, element('b', {}, user.email), element('span', { className: 'quiet' }, to)),
          element(
            'p',
            { className: 'code' },
            code,
            element('time', { className: 'quiet' }, new Date(metadata.time).toLocaleTimeString()),
          ),
          codeActions(this, code),
        ),
      );
      if (!this.#list.matches(':hover, :focus-within')) this.#list.scrollTop = this.#list.scrollHeight;
      if (this.#started) notify(this, `New text message for ${user.email}: your code is ${sms.otp}.`);
    }
    this.#started = true;
  }
}
