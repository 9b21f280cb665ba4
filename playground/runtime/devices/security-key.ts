import { type HeldCredential, importKey, touch } from '../../demo-project/src/security-key.ts';
import { keyAccounts } from '../key-accounts.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';
import looks from './security-key.css?inline';

const style = new CSSStyleSheet();
style.replaceSync(looks);

/** A page that waits for the key. */
interface Waiting {
  options: CredentialRequestOptions;
  resolve: (credential: Credential) => void;
  reject: (reason: unknown) => void;
}

/** `<demo-security-key>`: the security key of a demo account, with a second factor and a passkey on it. */
export class DemoSecurityKey extends HTMLElement {
  readonly #asked = element('p');
  readonly #actions = element(
    'p',
    { className: 'actions', hidden: true },
    element('button', { onclick: () => this.#touch(hedysKey) }, 'Touch the key'),
    element('button', { onclick: () => this.#touch(Promise.resolve([])) }, 'Touch another key'),
    element('button', { onclick: () => this.#refuse('You canceled it.') }, 'Cancel'),
  );
  #waiting: Waiting | undefined;

  connectedCallback(): void {
    (this.getRootNode() as ShadowRoot).adoptedStyleSheets.push(style);
    this.append(element('h3', {}, 'Security key'), element('div', { className: 'key' }), this.#asked, this.#actions);
    this.#show('No page asks for the key now.');
  }

  /** Whether a page waits for the key, so that the reader has to do something here. */
  get isNext(): boolean {
    return this.#waiting !== undefined;
  }

  /** Does what `navigator.credentials.get()` does: answers once the user has touched a key. */
  ask(options: CredentialRequestOptions): Promise<Credential> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { options, resolve, reject };
      this.#waiting = waiting;
      options.signal?.addEventListener('abort', () => {
        reject(options.signal?.reason);
        if (this.#waiting === waiting) this.#end('The page stopped asking for the key.');
      });
      const isFactor = (options.publicKey?.allowCredentials ?? []).length > 0;
      this.#show(
        isFactor ? 'Your app asks for the key, as a second factor.' : 'Your app asks for a passkey, to sign in.',
      );
      notify(this, this.#asked.textContent);
    });
  }

  async #touch(key: Promise<HeldCredential[]>): Promise<void> {
    const { publicKey } = this.#waiting?.options ?? {};
    if (!publicKey) return;
    const { challenge, rpId = location.hostname, allowCredentials = [] } = publicKey;
    const asked = { rpId, challenge: bytes(challenge), allowCredentials: allowCredentials.map(({ id }) => bytes(id)) };
    const answer = await touch(await key, asked, location.origin);
    if (!answer) {
      this.#refuse('That key has nothing for this page.');
      return;
    }
    this.#waiting?.resolve(Object.setPrototypeOf({ ...answer, toJSON: () => answer }, PublicKeyCredential.prototype));
    this.#end('The key has answered.');
  }

  /** A page hears the same in each case, to learn nothing about keys: https://www.w3.org/TR/webauthn-3/#sctn-privacy-considerations-client */
  #refuse(why: string): void {
    this.#waiting?.reject(new DOMException('The key gave no answer.', 'NotAllowedError'));
    this.#end(`${why} The browser only tells your app: NotAllowedError.`);
  }

  #end(said: string): void {
    this.#waiting = undefined;
    this.#show(said);
    this.dispatchEvent(new Event('typed', { bubbles: true }));
  }

  #show(text: string): void {
    this.#asked.textContent = text;
    this.classList.toggle('asked', this.isNext);
    this.#actions.hidden = !this.isNext;
  }
}

/** What the key of the demo account holds. Its private keys come from the ids of its credentials: they protect nothing. */
const hedysKey = Promise.all(
  keyAccounts.flatMap(({ id, factors, passkeys }) =>
    [...factors, ...passkeys].map(async ({ credential, ...rest }): Promise<HeldCredential> => {
      const secret = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(credential.id));
      const privateKey = await importKey(new Uint8Array(secret), credential.publicKey);
      return { id: credential.id, privateKey, userHandle: btoa(id).replaceAll('=', ''), isPasskey: !('type' in rest) };
    }),
  ),
);

function bytes(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

customElements.define('demo-security-key', DemoSecurityKey);
