import type { Postgres } from './postgres.ts';
import {
  type Answers,
  type Command,
  noteOf,
  type Outcome,
  problem,
  type Reach,
  type SqlError,
  words,
} from './reach.ts';
import type { Person, Session } from './sessions.ts';
import type { Task } from './tasks.ts';

const owners: Person[] = ['ada', 'grace'];

/** The data that components/PolicyLab.astro writes into the page. */
interface Data {
  people: Record<Person, string>;
  sessions: Session[];
  tasks: Task[];
}

/**
 * `<policy-lab>`, rendered by components/PolicyLab.astro: starts Postgres when the reader asks for it, runs the SQL in the editor,
 * and shows whose notes each session can reach.
 */
class PolicyLabElement extends HTMLElement {
  #data!: Data;
  #postgres: Postgres | undefined;
  /** What each session reached in the last run of this task. */
  #reach: Reach | undefined;
  /** The reader's SQL, by task. */
  readonly #drafts = new Map<string, string>();

  connectedCallback(): void {
    this.#data = JSON.parse(this.#find('script').textContent);
    this.#find('[data-start]').addEventListener('click', () => this.#start());
    this.#find('select').addEventListener('change', () => this.#open());
    this.#find('[data-run]').addEventListener('click', () => this.#run());
    this.#find('[data-stop]').addEventListener('click', () => this.#postgres?.stop());
    this.#find('[data-reset]').addEventListener('click', () => {
      this.#drafts.delete(this.#task.id);
      this.#open();
    });
    this.#find('fieldset').addEventListener('change', () => {
      if (this.#reach) this.#show({ reach: this.#reach });
      else this.#showAnswers();
    });
    this.#editor.addEventListener('input', () => this.#drafts.set(this.#task.id, this.#editor.value));
    this.#editor.addEventListener('keydown', async (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      await this.#run();
    });
  }

  get #editor(): HTMLTextAreaElement {
    return this.#find('textarea');
  }

  get #task(): Task {
    const { value } = this.#find<HTMLSelectElement>('select');
    return this.#data.tasks.find(({ id }) => id === value) as Task;
  }

  get #session(): Session {
    const { value } = this.#find<HTMLInputElement>('input:checked');
    return this.#data.sessions.find(({ key }) => key === value) as Session;
  }

  async #start(): Promise<void> {
    const button = this.#find<HTMLButtonElement>('[data-start]');
    const progress = this.#find<HTMLProgressElement>('progress');
    const message = this.#find('[data-message]');
    button.disabled = true;
    progress.hidden = false;
    progress.value = 0;
    message.textContent = 'Downloading Postgres …';
    try {
      const { Postgres } = await import('./postgres.ts');
      this.#postgres = await Postgres.load(this.dataset['files'] ?? '', (bytes) => {
        progress.value += bytes;
        if (progress.value === progress.max) message.textContent = 'Starting Postgres …';
      });
    } catch (error) {
      button.disabled = false;
      progress.hidden = true;
      message.textContent = `Postgres didn’t start: ${error instanceof Error ? error.message : error}. Try again.`;
      return;
    }
    this.#find('.start').hidden = true;
    this.#find('.started').hidden = false;
    this.#open();
    this.#find('select').focus();
  }

  /** Shows the chosen task with the reader's SQL. */
  #open(): void {
    const { id, text, sql, exercise } = this.#task;
    this.#find('[data-text]').textContent = text;
    this.#editor.value = this.#drafts.get(id) ?? sql;
    for (const details of this.querySelectorAll<HTMLDetailsElement>('section:first-child details')) {
      details.hidden = !exercise;
      details.open = false;
    }
    this.#find('[data-hint]').textContent = exercise?.hint ?? '';
    this.#find('[data-solution]').textContent = exercise?.solution ?? '';
    this.#find('[data-stop]').hidden = true;
    this.#postgres?.stop();
    this.#show();
  }

  async #run(): Promise<void> {
    const stop = this.#find('[data-stop]');
    if (!this.#postgres || !stop.hidden) return;
    const { already = '', reads = 'notes' } = this.#task;
    const { people, sessions } = this.#data;
    stop.hidden = false;
    this.#find('[role="status"]').textContent = 'Running …';
    const outcome = await this.#postgres.run({ sql: this.#editor.value, already, reads, people, sessions });
    if (stop.hidden) return; // the reader has moved to another task
    if (document.activeElement === stop) this.#find('[data-run]').focus();
    stop.hidden = true;
    this.#show(outcome);
  }

  /** Shows the result of the last run, or that there was none yet. */
  #show(outcome?: Outcome): void {
    const error = outcome && 'error' in outcome ? outcome.error : undefined;
    this.#reach = outcome && 'reach' in outcome ? outcome.reach : undefined;
    this.#showError(error);
    if (error) this.#find('[role="status"]').textContent = 'Your SQL didn’t run.';
    else this.#showVerdict();
    for (const { key, person } of this.#data.sessions) {
      for (const owner of owners) {
        const answers = this.#reach?.[key][owner];
        const cell = this.#find(`[data-session="${key}"] [data-owner="${owner}"]`);
        cell.replaceChildren(...(answers ? reached(answers, owner === person) : ['not run yet']));
      }
    }
    this.#showAnswers();
  }

  /** Shows an error and its line below the editor, and selects the word in question. */
  #showError(error?: SqlError): void {
    const place = this.#find('[data-error]');
    place.hidden = !error;
    this.#editor.setAttribute('aria-invalid', `${error !== undefined}`);
    if (!error) return;
    const { at, message } = error;
    const { value } = this.#editor;
    place.textContent = message;
    if (at !== undefined) {
      const start = value.lastIndexOf('\n', at - 1) + 1;
      const [word = ''] = /^\w*/.exec(value.slice(at)) ?? [];
      const [rest = ''] = value.slice(at + word.length).split('\n');
      place.prepend(`Line ${value.slice(0, at).split('\n').length}: `);
      place.append('\n\n', value.slice(start, at), element('mark', word), rest);
      this.#editor.setSelectionRange(at, at + word.length);
    }
  }

  /** Says whether the exercise is solved, and what the chosen session can reach. */
  #showVerdict(): void {
    const status = this.#find('[role="status"]');
    status.textContent = '';
    if (!this.#reach) return;
    const { title, exercise } = this.#task;
    const { key, name } = this.#session;
    const { [key]: answers } = this.#reach;
    const wrong = exercise && problem(this.#reach, exercise.wanted, this.#data.sessions);
    if (!exercise) {
      status.textContent = `${name}: ${owners.map((owner) => `${noteOf(owner)}: ${words(answers[owner])}.`).join(' ')}`;
    } else if (wrong) {
      status.append(element('strong', 'Not solved yet.'), ` ${wrong}`);
    } else {
      status.append(pill('works', 'solved'), ` ${exercise.lesson}`);
      this.#find('option:checked').textContent = `${title} (solved)`;
    }
  }

  /** Shows the chosen session and Postgres' answers to it. */
  #showAnswers(): void {
    const { key, label, claims, stored } = this.#session;
    for (const row of this.querySelectorAll<HTMLElement>('[data-session]'))
      row.toggleAttribute('data-chosen', row.dataset['session'] === key);
    this.#find('[data-answers]').hidden = !this.#reach;
    for (const row of this.querySelectorAll<HTMLElement>('[data-command]')) {
      for (const owner of owners) {
        const answer = this.#reach?.[key][owner][row.dataset['command'] as Command] ?? { rows: 0 };
        const cell = this.#find(`[data-command="${row.dataset['command']}"] [data-owner="${owner}"]`);
        cell.textContent = 'error' in answer ? answer.error : rows(answer.rows);
      }
    }
    this.#find('[data-chosen-session]').textContent = label;
    this.#find('[data-claims]').textContent = JSON.stringify(claims, null, 2);
    this.#find('[data-stored]').textContent = stored
      ? `In Auth’s own table, this session is at ${stored}.`
      : 'Auth’s own table has no such session.';
  }

  #find<Found extends HTMLElement = HTMLElement>(selector: string): Found {
    const found = this.querySelector<Found>(selector);
    if (!found) throw new Error(`PolicyLab.astro renders no ${selector}`);
    return found;
  }
}

/** Says what a session can reach. Other people's notes are marked as a leak. */
function reached(answers: Answers, isOwn: boolean): (Node | string)[] {
  const text = words(answers);
  if (text === 'error') return [pill('refused', text)];
  if (text === 'nothing' || isOwn) return [text];
  return [element('strong', 'leak:'), ` ${text}`];
}

function rows(count: number): string {
  return count === 0 ? 'no rows, no error' : count === 1 ? '1 row' : `${count} rows`;
}

function pill(state: 'works' | 'refused', text: string): HTMLElement {
  const made = element('span', text);
  made.className = 'state';
  made.dataset['state'] = state;
  return made;
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

customElements.define('policy-lab', PolicyLabElement);
