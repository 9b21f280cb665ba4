import type { Call, Tried } from './flows.ts';
import type { Lost } from './lost.ts';
import type { DemoMailbox } from './mailbox.ts';
import type { DemoOtherBrowser } from './other-browser.ts';
import { loaded } from './project.ts';

/** A device that only one flow has. */
export interface OwnDevice extends HTMLElement {
  /** Whether the reader has to do something here. */
  readonly isNext: boolean;
  readonly tried?: Tried;
  readonly lost?: Lost;
  /** Updates the device from the calls in Auth's log. */
  tick?(calls: Call[]): void;
}

type Load = (mailbox: DemoMailbox, other: DemoOtherBrowser) => Promise<OwnDevice>;

/** These devices by flow, each with its name. The bundles that StackBlitz gets for other flows leave them out. */
export const ownDevices: { [flow: string]: [name: string, load: Load] } = {
  'ways-in': [
    'Experiment',
    async (mailbox, other) => {
      await loaded;
      const { DemoExperiment } = await import('./experiment.ts');
      return new DemoExperiment(mailbox, other);
    },
  ],
  'lost-factor': [
    'Console',
    async () => {
      // The app's calls to your server wait until it's loaded, so that the server gets all of them.
      const send = window.fetch;
      const server = import('./your-server.ts').then(({ yourServer }) => yourServer.standBefore(send));
      window.fetch = async (input, init) => (await server)(input, init);
      const { DemoConsole } = await import('./console.ts');
      return new DemoConsole();
    },
  ],
  'security-key': [
    'Security key',
    () => {
      const key = loaded.then(() => import('./security-key.ts')).then(({ DemoSecurityKey }) => new DemoSecurityKey());
      // The app asks the browser for a key, and this device answers.
      navigator.credentials.get = async (options = {}) => (await key).ask(options);
      return key;
    },
  ],
};
