import type { Problem, TakenCall } from '../../playground/runtime/messages.ts';
import { CompileError, compile } from './compile.ts';
import { EditedRun, type Report } from './edited.ts';
import { Editor } from './editor.ts';
import { downloadProject, openInStackBlitz, type StackBlitzExample } from './stackblitz.ts';

/** The contents of `/playground/<slug>/code.json`. */
interface ExampleCode {
  files: { path: string; code: string }[];
  open: { path: string; line: number };
}

/** What the code part needs from its sandbox. */
export interface Surroundings {
  example: StackBlitzExample;
  codeUrl: string;
  /** The page that runs this example once it's edited. Empty if only StackBlitz can edit it. */
  editedUrl: string;
  /** The element that shows the app. */
  stage: HTMLElement;
  frameTitle: string;
  /** Called with each new frame of the edited app. */
  opened: (frame: HTMLIFrameElement) => void;
}

/** How long to wait after the last key, in milliseconds, so that the app doesn't restart while the reader types. */
const pause = 250;

/**
 * The code part of a sandbox: shows the example's files, and lets the reader edit and run them instead of the built app.
 * `place` is the element that components/Sandbox.astro renders for it.
 */
export class CodePart {
  readonly #place: HTMLElement;
  readonly #editor: Editor;
  readonly #tabs: Map<string, HTMLButtonElement>;
  readonly #run: EditedRun;
  /** The line that the example is about. */
  readonly #decisive: ExampleCode['open'];
  #isEditing = false;
  #problem: Problem | undefined;
  /** Where the app made the last call that was answered. */
  #calling: { file: string; line: number; refused: boolean } | undefined;
  #hasStartedOver = false;
  #timer = 0;

  /** Loads the files and shows the line that the example is about. Rejects when they can't be loaded. */
  static async open(place: HTMLElement, around: Surroundings): Promise<CodePart> {
    const response = await fetch(around.codeUrl);
    if (!response.ok) throw new Error(`${around.codeUrl}: ${response.status} ${response.statusText}`);
    return new CodePart(place, around, await response.json());
  }

  private constructor(place: HTMLElement, around: Surroundings, { files, open }: ExampleCode) {
    this.#place = place;
    this.#decisive = open;
    this.#run = new EditedRun(around.stage, around.editedUrl, around.frameTitle, around.opened, (report) =>
      this.#hear(report),
    );
    const originals = new Map(files.map(({ path, code }) => [path, `${code}\n`]));
    this.#editor = new Editor(this.#find('[data-editor]'), originals, () => this.#edited());
    this.#tabs = new Map(files.map(({ path }) => [path, this.#tab(path)]));
    this.#find('[role="tablist"]').append(...this.#tabs.values());
    this.#find('[role="tablist"]').addEventListener('keydown', (event) => this.#onKey(event));
    this.#onClick('copy', async () => {
      await navigator.clipboard.writeText(this.#editor.texts.get(this.#editor.path) ?? '');
      this.#say(`Copied ${this.#editor.path}.`);
    });
    if (around.editedUrl) this.#offerEditing(around.example);
    this.#find('[data-problem]').addEventListener('click', () => this.#goToProblem());
    this.#show(open.path, open.line);
  }

  /** Highlights the line that made the last of these calls. Goes there, unless the reader is in the code. */
  follow(calls: TakenCall[]): void {
    const { site, refused } = calls.findLast(({ site }) => site) ?? {};
    const isKnown = site && this.#tabs.has(site.file) && Number.isInteger(site.line); // edited code can say anything
    const calling = isKnown ? { file: site.file, line: site.line, refused: refused === true } : undefined;
    const before = this.#calling;
    if (calling?.file === before?.file && calling?.line === before?.line && calling?.refused === before?.refused)
      return;
    this.#calling = calling;
    if (calling && !this.#isEditing && !this.#editor.hasFocus) this.#goTo(calling.file, calling.line);
    else this.#editor.highlight(calling);
  }

  /** Goes back to the line that the example is about. Called when the reader starts over. Edits stay, so that nothing is lost. */
  startOver(): void {
    this.#calling = undefined;
    this.#hasStartedOver = this.#isEditing;
    if (!this.#isEditing) this.#goTo(this.#decisive.path, this.#decisive.line);
  }

  #goTo(path: string, line: number): void {
    this.#show(path);
    this.#editor.goTo(line);
  }

  #offerEditing(example: StackBlitzExample): void {
    this.#onClick('edit', () => this.edit());
    this.#onClick('undo', () => this.#editor.undoAll());
    this.#onClick('compare', (button) => {
      button.ariaPressed = `${button.ariaPressed !== 'true'}`;
      this.#editor.compare(button.ariaPressed === 'true');
    });
    this.#onClick('download', () => downloadProject(example, this.#edits));
    this.#onClick('stackblitz', () => openInStackBlitz(example, this.#edits));
  }

  /** Runs the example from its files and lets the reader edit them. `texts` replaces some of the files. */
  async edit(texts: ReadonlyMap<string, string> = new Map()): Promise<void> {
    this.#isEditing = true;
    this.#place.dataset['editing'] = '';
    this.#editor.replace(texts);
    this.#editor.allow(isOfApp);
    this.#markChanges();
    await this.#start();
    this.#editor.focus();
  }

  /** Runs the code in the editor again after the app was closed. Returns whether there was any. */
  async resume(): Promise<boolean> {
    if (this.#isEditing) await this.#start();
    return this.#isEditing;
  }

  get #edits(): Map<string, string> {
    const texts = this.#editor.texts;
    return new Map(this.#editor.changed.map((path) => [path, texts.get(path) ?? '']));
  }

  #edited(): void {
    this.#markChanges();
    this.#calling = undefined; // the line may be another one now
    this.#editor.highlight(undefined);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#start(), pause) as unknown as number;
  }

  /** Runs the code in the editor. The event tells an exercise to check this version. */
  async #start(): Promise<void> {
    this.#place.dispatchEvent(new Event('restarted', { bubbles: true }));
    try {
      const app = await compile(this.#editor.texts);
      this.#run.run(app);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.#tellProblem(error.problem);
    }
  }

  #hear(report: Report): void {
    if (report.kind === 'problem') this.#tellProblem(report.problem);
    else if (report.kind === 'stuck')
      this.#tellProblem({
        message:
          "Your app doesn't answer. It may be in an endless loop. Change the code, or undo your changes: then it starts again.",
      });
    else {
      this.#tellProblem(undefined);
      const count = this.#editor.changed.length;
      this.#say(
        count === 0
          ? 'The example is running as it was.'
          : this.#hasStartedOver
            ? 'The project has started over, with your version. “Undo my changes” puts the code back too.'
            : `Your version is running. ${count === 1 ? '1 file has' : `${count} files have`} changed.`,
      );
      this.#hasStartedOver = false;
    }
  }

  #tellProblem(problem: Problem | undefined): void {
    this.#problem = problem;
    const button = this.#find('[data-problem]');
    button.hidden = !problem;
    if (problem) {
      this.#say('');
      const { message, path, line } = problem;
      const place = path ? `${path}${line === undefined ? '' : `, line ${line}`}: ` : '';
      button.textContent = place + message;
    }
    this.#editor.mark(problem);
  }

  #goToProblem(): void {
    const { path, line } = this.#problem ?? {};
    if (!path || !this.#tabs.has(path)) return;
    this.#show(path, line);
    this.#editor.mark(this.#problem);
    this.#editor.focus();
  }

  #say(text: string): void {
    this.#find('[data-said]').textContent = text;
  }

  #tab(path: string): HTMLButtonElement {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.role = 'tab';
    tab.textContent = path.replace(/^src\//, '');
    tab.title = path;
    tab.addEventListener('click', () => this.#show(path));
    return tab;
  }

  #show(path: string, line?: number): void {
    this.#editor.open(path, line);
    this.#editor.mark(this.#problem);
    this.#editor.highlight(this.#calling);
    for (const [of, tab] of this.#tabs) {
      tab.ariaSelected = `${of === path}`;
      tab.tabIndex = of === path ? 0 : -1;
    }
    this.#tabs.get(path)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#find('[role="tabpanel"]').ariaLabel = path;
    this.#find('[data-readonly]').hidden = !this.#isEditing || isOfApp(path);
  }

  #markChanges(): void {
    const changed = new Set(this.#editor.changed);
    for (const [path, tab] of this.#tabs) {
      tab.ariaDescription = changed.has(path) ? 'changed' : '';
      tab.classList.toggle('changed', changed.has(path));
    }
    for (const action of ['undo', 'compare']) this.#button(action).disabled = changed.size === 0;
  }

  #onKey(event: KeyboardEvent): void {
    const tabs = [...this.#tabs.values()];
    const at = tabs.findIndex((tab) => tab.ariaSelected === 'true');
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (!tab) return;
    event.preventDefault();
    tab.click();
    tab.focus();
  }

  #onClick(action: string, act: (button: HTMLButtonElement) => void | Promise<void>): void {
    const button = this.#button(action);
    button.disabled = false; // before this, a click did nothing
    button.addEventListener('click', async () => {
      try {
        await act(button);
      } catch (error) {
        this.#say(`That didn't work. ${error}`);
        throw error;
      }
    });
  }

  #button(action: string): HTMLButtonElement {
    return this.#find(`[data-code-action="${action}"]`) as HTMLButtonElement;
  }

  #find(selector: string): HTMLElement {
    const found = this.#place.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`Sandbox.astro renders no ${selector}`);
    return found;
  }
}

/** Whether this file is part of the app. Other files are for tools, which don't run in the page. */
function isOfApp(path: string): boolean {
  return /^(index\.html|src\/.*(?<!\.d\.ts))$/.test(path);
}
