import { findCodeField } from './code.ts';
import looks from './console.css?inline';
import { element } from './element.ts';
import type { Call } from './flows.ts';
import type { Lost } from './lost.ts';
import { notify } from './notice.ts';
import { isDemo, letTimePass } from './project.ts';
import { ProjectDate } from './project-date.ts';
import { delay, jwtExpiry, lockAccount, type Removal, removeLostFactors } from './server/remove-lost-factors.ts';
import { yourServer } from './your-server.ts';

/** A line of the procedure. */
interface Line {
  /** What to do, or what to wait for. */
  name: string;
  /** What the button does, or why the wait is needed. */
  why: () => string;
  /** What was done. Shown once it's done. */
  done: () => string | false;
  /** Why it can't be done yet. */
  notYet?: () => string | false;
  act?: () => Promise<unknown>;
  /** The wait: when it began, and how long it takes. */
  span?: () => [since: Date, milliseconds: number] | false;
}

/** A line of the procedure, and the elements that show it. */
interface Row {
  line: Line;
  item: HTMLElement;
  button: HTMLButtonElement | undefined;
  bar: HTMLProgressElement | undefined;
  name: HTMLElement;
  said: HTMLElement;
}

const style = new CSSStyleSheet();
style.replaceSync(looks);

/** `<demo-console>` shows the newest request, what the administrator may do about it now, and the project's clock. */
export class DemoConsole extends HTMLElement {
  readonly #time = element('time');
  readonly #none = element('p', {}, "No request yet. A user who can't use the authenticator asks in your app.");
  readonly #stopped = element('p', { role: 'alert' });
  readonly #unlock = element('button', { onclick: () => void this.#endBan() }, 'Unlock the account');
  readonly #stop = element('div', { className: 'stop' }, this.#stopped, this.#unlock);
  readonly #list = element('ol', { ariaLabel: 'Procedure' });
  #rows: Row[] = [];
  #challenges = 0;

  connectedCallback(): void {
    (this.getRootNode() as ShadowRoot).adoptedStyleSheets.push(style);
    this.append(element('h3', {}, 'Console'));
    if (!isDemo) {
      this.append(element('p', {}, 'For a real project, this is your own server. Its code is in the folder “server”.'));
      return;
    }
    yourServer.asked = () => notify(this, `A request from ${this.#email}.`);
    this.#rows = this.#procedure().map(makeRow);
    for (const row of this.#rows) row.button?.addEventListener('click', () => void this.#act(row));
    this.#list.append(...this.#rows.map(({ item }) => item));
    this.append(
      element(
        'p',
        { className: 'quiet' },
        "The administrator's screen. Your server has the secret key for Auth's admin API, and your app never does. In this sandbox, that server runs in the page too.",
      ),
      element(
        'div',
        { className: 'clock', role: 'group', ariaLabel: 'Clock' },
        this.#time,
        element('button', { onclick: () => void this.#wait(60, 'An hour has') }, 'Let an hour pass'),
        element('button', { onclick: () => void this.#wait(72 * 60, 'Three days have') }, 'Let three days pass'),
      ),
      this.#none,
      this.#stop,
      this.#list,
    );
    this.#show();
  }

  /** Whether it's the administrator's turn. If the user is about to enter a code, the authenticator comes first. */
  get isNext(): boolean {
    return this.#isUnderWay && !findCodeField();
  }

  get #isUnderWay(): boolean {
    const { isAsked, stoppedBy, isNotified } = this.lost;
    return isAsked && !stoppedBy && !isNotified;
  }

  get lost(): Lost {
    const { removal, kept } = yourServer;
    const { lockedAt } = removal ?? {};
    return {
      isAsked: removal !== undefined,
      stoppedBy: removal?.objections.length ? 'objection' : kept.usedAt && 'use',
      isChecked: removal?.identityCheckedBy !== undefined,
      mayLock: removal?.identityCheckedBy !== undefined && this.#isDelayOver,
      isLocked: lockedAt !== undefined,
      mayRemove: lockedAt !== undefined && isPast(after(lockedAt, jwtExpiry)),
      isRemoved: kept.removed !== undefined,
      isNotified: kept.notifiedAt !== undefined,
    };
  }

  /** Updates the console from the calls in Auth's log. */
  tick(calls: Call[]): void {
    const challenges = calls.filter(({ path }) => /^\/factors\/[^/]+\/challenge$/.test(path)).length;
    if (challenges !== this.#challenges) void this.#lookForUse();
    this.#challenges = challenges;
    this.#show();
  }

  /** Whether the user has had the time to object. */
  get #isDelayOver(): boolean {
    return isPast(after(this.#removal.askedAt, delay));
  }

  get #email(): string {
    return yourServer.kept.user?.email ?? '';
  }

  /** Finds out whether a factor was used after the request. */
  async #lookForUse(): Promise<void> {
    const { removal } = yourServer;
    if (!removal || !this.#isUnderWay) return;
    const admin = await yourServer.admin();
    const { data } = await admin.auth.admin.mfa.listFactors({ userId: removal.userId });
    const uses = data?.factors.map(({ last_challenged_at: at }) => new ProjectDate(at ?? 0)) ?? [];
    const usedAt = uses.find((at) => at > removal.askedAt);
    if (usedAt && removal === yourServer.removal) yourServer.keep({ usedAt });
  }

  async #wait(minutes: number, passed: string): Promise<void> {
    await letTimePass(minutes);
    notify(this, `${passed} passed.`);
    this.#show();
  }

  /**
   * Does what a line says, if that's allowed now. If it isn't, or if the server's own check says no, shows the reason.
   */
  async #act({ line, item }: Row): Promise<void> {
    const reason = line.notYet?.() || (await line.act?.().catch(({ message }: Error) => message));
    if (reason) {
      notify(this, `${reason}`, { tone: 'refused' });
      return;
    }
    yourServer.keep({});
    this.#show();
    item.focus();
    notify(this, `${line.done()}.`, { shown: false });
  }

  /** For a request that was stopped after the account was locked: the user keeps the factor. */
  async #endBan(): Promise<void> {
    const admin = await yourServer.admin();
    const { error } = await admin.auth.admin.updateUserById(this.#removal.userId, { ban_duration: 'none' });
    if (error) throw error;
    yourServer.keep({ isUnlocked: true });
    notify(this, 'The account is unlocked. The user sets a new password with a link and the factor.');
  }

  get #removal(): Removal {
    return yourServer.removal as Removal;
  }

  /** The procedure of the page "The user lost the factor", once there is a request. */
  #procedure(): Line[] {
    const mayObjectUntil = () => tell(after(this.#removal.askedAt, delay));
    const tokensUntil = () => tell(after(this.#removal.lockedAt as Date, jwtExpiry));
    return [
      {
        name: 'Write down who asks',
        why: () => '',
        done: () => `${this.#email} asked in your app, ${tell(this.#removal.askedAt)}`,
      },
      {
        name: 'Notify the user',
        why: () => '',
        done: () => `Notified ${this.#email}, and said how to object`,
      },
      {
        name: "I've seen their ID in a video call",
        why: () => "Verify who they are in a way that doesn't depend on their email.",
        done: () => this.lost.isChecked && `Checked by ${this.#removal.identityCheckedBy}`,
        act: async () => {
          this.#removal.identityCheckedBy = 'Sam, in a video call';
        },
      },
      {
        name: 'Wait three days',
        why: () => `The user may object until ${mayObjectUntil()}.${left(this.#removal.askedAt, delay)}`,
        done: () => this.#isDelayOver && 'Waited three days, without an objection',
        span: () => [this.#removal.askedAt, delay],
      },
      {
        name: 'Lock the account',
        why: () => 'Sets a password that nobody knows, which ends every session. Bans the user.',
        done: () => this.lost.isLocked && `Locked the account, ${tell(this.#removal.lockedAt as Date)}`,
        notYet: () => {
          if (!this.#isDelayOver) return `Not before ${mayObjectUntil()}: the user may still object.`;
          return !this.lost.isChecked && 'First check who it is.';
        },
        act: async () => {
          this.#removal.lockedAt = await lockAccount(await yourServer.admin(), this.#removal);
        },
      },
      {
        name: 'Wait for jwt_expiry, an hour',
        why: () =>
          this.lost.isLocked
            ? `Outside Auth, access tokens of ended sessions work until ${tokensUntil()}.${left(this.#removal.lockedAt as Date, jwtExpiry)} With the policy for users with a factor, a stolen aal1 token could read everything from the moment the factor is deleted.`
            : '',
        done: () => this.lost.mayRemove && 'Waited an hour: access tokens from before the lock have expired',
        span: () => this.lost.isLocked && [this.#removal.lockedAt as Date, jwtExpiry],
      },
      {
        name: 'Remove every factor',
        why: () =>
          'Factors of every type, unverified ones too. Then ends the ban. Robin does this, not Sam, who checked.',
        done: () => this.lost.isRemoved && `Removed ${yourServer.kept.removed?.join(', ')}, and ended the ban`,
        notYet: () => {
          if (!this.lost.isLocked) return 'First lock the account.';
          return (
            !this.lost.mayRemove && `Not before ${tokensUntil()}: access tokens from before the lock are still valid.`
          );
        },
        act: async () => {
          const factors = await removeLostFactors(await yourServer.admin(), this.#removal);
          const removed = factors.map(({ friendly_name, factor_type }) => `${friendly_name} (${factor_type})`);
          yourServer.keep({ removed });
        },
      },
      {
        name: 'Notify the user again',
        why: () => 'They ask for a new link, set a password, and set up a new factor in one sitting.',
        done: () =>
          this.lost.isNotified &&
          `Notified ${this.#email} again. Until they set up a new factor, the inbox alone is enough to set a password`,
        notYet: () => !this.lost.isRemoved && 'First remove every factor.',
        act: async () => {
          const { user } = yourServer.kept;
          if (user) await yourServer.send(user, 'Two-step verification was removed', removedNotice);
          yourServer.keep({ notifiedAt: new ProjectDate() });
        },
      },
    ];
  }

  #show(): void {
    const { isAsked, stoppedBy, isLocked, isRemoved } = this.lost;
    this.#time.textContent = tell(new ProjectDate());
    this.#none.hidden = isAsked;
    this.#stop.hidden = !stoppedBy || isRemoved;
    this.#list.hidden = !isAsked || !this.#stop.hidden;
    this.#unlock.hidden = !isLocked || yourServer.kept.isUnlocked === true;
    if (!isAsked) return;
    if (!this.#stop.hidden) setText(this.#stopped, this.#whyStopped());
    else for (const row of this.#rows) showRow(row);
  }

  #whyStopped(): string {
    const [objection] = this.#removal.objections;
    if (objection)
      return `Stop: ${objection.from} objected, ${tell(objection.at)}. The factor and the password stay as they are.`;
    return `Stop: a factor of ${this.#email} was used, ${tell(yourServer.kept.usedAt as Date)}. Find out who it was. If the user was only trying in vain, they ask again, and the wait starts over.`;
  }
}

/** The email that the user gets once the factor is removed. */
const removedNotice = `<p>We removed two-step verification from your account, as someone asked us to.</p>
<p>Now request a new link, set a password, and set up an authenticator, all in one sitting.</p>
<p><b>If this wasn't you, call us now.</b> We'll never ask you for a code or a password.</p>`;

function makeRow(line: Line, index: number): Row {
  const id = `procedure-${index}`;
  const said = element('small', { id });
  const name = element('span');
  const button = line.act && element('button', {}, line.name);
  button?.setAttribute('aria-describedby', id);
  const bar = line.span && element('progress', { ariaLabel: line.name });
  const item = element('li', { tabIndex: -1 }, name, ...(button ? [button] : []), said, ...(bar ? [bar] : []));
  return { line, item, button, bar, name, said };
}

/** Shows the state of a line. Changes only what differs, because a screen reader may be reading it. */
function showRow({ line, item, button, bar, name, said }: Row): void {
  const done = line.done();
  const notYet = line.notYet?.() || '';
  const span = line.span?.();
  item.classList.toggle('done', done !== false);
  setText(name, done || (button ? '' : line.name));
  setText(said, done ? '' : notYet || line.why());
  if (button) {
    button.hidden = done !== false;
    if (button.ariaDisabled !== `${notYet !== ''}`) button.ariaDisabled = `${notYet !== ''}`;
  }
  if (!bar) return;
  bar.hidden = !span || done !== false;
  if (span) [bar.max, bar.value] = [span[1], new ProjectDate().getTime() - span[0].getTime()];
}

function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function after(since: Date, milliseconds: number): Date {
  return new ProjectDate(since.getTime() + milliseconds);
}

/** Returns how long the wait still takes, in words. */
function left(since: Date, milliseconds: number): string {
  const minutes = Math.ceil((after(since, milliseconds).getTime() - new ProjectDate().getTime()) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return ` ${hours} h ${rest} min left.`;
}

function isPast(time: Date): boolean {
  return time <= new ProjectDate();
}

function tell(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

customElements.define('demo-console', DemoConsole);
