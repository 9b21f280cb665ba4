import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { css } from '@codemirror/lang-css';
import { html } from '@codemirror/lang-html';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state';
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../playground/runtime/messages.ts';
import { palettes } from '../starlight/code-themes.ts';

/**
 * CodeMirror for the files of an example. It's in a shadow root, because there it adopts a style sheet, which the
 * Content-Security-Policy allows. Outside it would add a style element, which the policy blocks.
 */
export class Editor {
  readonly #view: EditorView;
  readonly #originals: ReadonlyMap<string, string>;
  readonly #states: Map<string, EditorState>;
  readonly #access = new Compartment();
  readonly #comparison = new Compartment();
  readonly #calling = new Compartment();
  /** How far the reader has scrolled each file that isn't open, in pixels. */
  readonly #scrolled = new Map<string, number>();
  #path = '';
  #canEdit: (path: string) => boolean = () => false;
  #comparing = false;

  /** `edited` is called after each change. */
  constructor(place: HTMLElement, originals: ReadonlyMap<string, string>, edited: () => void) {
    this.#originals = originals;
    const extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      syntaxHighlighting(colors),
      looks,
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        this.#states.set(this.#path, update.state);
        if (update.docChanged) edited();
      }),
      this.#access.of([]),
      this.#comparison.of([]),
      this.#calling.of([]),
    ];
    this.#states = new Map(
      [...originals].map(([path, doc]) => [
        path,
        EditorState.create({
          doc,
          extensions: [
            extensions,
            languageOf(path),
            // So that keyboard users can scroll a file that they can't edit.
            EditorView.contentAttributes.of({ 'aria-label': `Code of ${path}`, tabindex: '0' }),
          ],
        }),
      ]),
    );
    const root = place.attachShadow({ mode: 'open' });
    this.#view = new EditorView({ parent: root, root });
  }

  /** The current texts, by path. */
  get texts(): Map<string, string> {
    return new Map([...this.#states].map(([path, state]) => [path, state.doc.toString()]));
  }

  /** The paths of the files that differ from the originals. */
  get changed(): string[] {
    return [...this.texts].filter(([path, text]) => text !== this.#originals.get(path)).map(([path]) => path);
  }

  get path(): string {
    return this.#path;
  }

  /** Shows a file at this line, or where the reader left it. */
  open(path: string, line?: number): void {
    const state = this.#states.get(path);
    if (!state) return;
    this.#scrolled.set(this.#path, this.#view.scrollDOM.scrollTop);
    this.#path = path;
    this.#view.setState(state);
    this.#update();
    if (line === undefined) {
      this.#scrollTo(() => this.#scrolled.get(path) ?? 0);
      return;
    }
    const { from } = this.#line(state.doc, line);
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  }

  /** Goes to a line of the open file. Only the editor scrolls: the page stays as the reader is looking at it. */
  goTo(line: number): void {
    const { from } = this.#line(this.#view.state.doc, line);
    this.#view.dispatch({ selection: { anchor: from } });
    this.#scrollTo((view) => view.lineBlockAt(from).top - view.scrollDOM.clientHeight / 2);
  }

  /** Lets the reader edit these files, and only read the others. */
  allow(canEdit: (path: string) => boolean): void {
    this.#canEdit = canEdit;
    this.#update();
  }

  /** Replaces the texts of these files. The reader can undo that in each file. */
  replace(texts: ReadonlyMap<string, string>): void {
    for (const [path, text] of texts) {
      const state = this.#states.get(path);
      if (!state || state.doc.toString() === text) continue;
      const changes = { from: 0, to: state.doc.length, insert: text };
      if (path === this.#path) this.#view.dispatch({ changes });
      else this.#states.set(path, state.update({ changes }).state);
    }
  }

  /** Puts the original texts back. */
  undoAll(): void {
    this.replace(this.#originals);
  }

  /** Shows or hides the changes against the original text. */
  compare(comparing: boolean): void {
    this.#comparing = comparing;
    this.#update();
  }

  /** Marks the place of a problem in the open file. `undefined` removes the mark. */
  mark(problem: Problem | undefined): void {
    const { doc } = this.#view.state;
    const isHere = problem?.path === this.#path && problem.line !== undefined && problem.line <= doc.lines;
    const at = isHere ? this.#line(doc, problem.line ?? 1) : undefined;
    const diagnostics =
      at && problem ? [{ from: at.from, to: at.to, severity: 'error' as const, message: problem.message }] : [];
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Highlights the line that made a call, if it's in the open file. `undefined` removes the highlight. */
  highlight(call: { file: string; line: number; refused: boolean } | undefined): void {
    const lines = call?.file === this.#path ? [this.#line(this.#view.state.doc, call.line).from] : [];
    const line = Decoration.line({ class: call?.refused ? 'cm-calling cm-refused' : 'cm-calling' });
    const shown = EditorView.decorations.of(Decoration.set(lines.map((from) => line.range(from))));
    this.#view.dispatch({ effects: this.#calling.reconfigure(shown) });
  }

  get hasFocus(): boolean {
    return this.#view.hasFocus;
  }

  focus(): void {
    this.#view.focus();
  }

  /** Scrolls the editor once its lines have been laid out. `top` is in pixels. */
  #scrollTo(top: (view: EditorView) => number): void {
    this.#view.requestMeasure({ read: top, write: (top, view) => view.scrollDOM.scrollTo({ top }) });
  }

  #line(doc: Text, line: number) {
    return doc.line(Math.min(Math.max(line, 1), doc.lines));
  }

  #update(): void {
    const canEdit = this.#canEdit(this.#path);
    const original = this.#originals.get(this.#path) ?? '';
    this.#view.dispatch({
      effects: [
        this.#access.reconfigure([EditorState.readOnly.of(!canEdit), EditorView.editable.of(canEdit)]),
        this.#comparison.reconfigure(
          this.#comparing ? unifiedMergeView({ original, mergeControls: false, gutter: false }) : [],
        ),
      ],
    });
  }
}

function languageOf(path: string): Extension {
  if (path.endsWith('.css')) return css();
  if (/\.(html|vue|svelte)$/.test(path)) return html();
  return javascript({ typescript: /\.tsx?$/.test(path), jsx: path.endsWith('x') });
}

/** Returns a color of code that follows the page's color scheme. */
function color(name: keyof (typeof palettes)['dark']): string {
  return `light-dark(${palettes.light[name]}, ${palettes.dark[name]})`;
}

const colors = HighlightStyle.define([
  { tag: tags.comment, color: color('comment') },
  { tag: [tags.keyword, tags.bool, tags.null, tags.self, tags.tagName], color: color('keyword') },
  { tag: [tags.string, tags.number, tags.regexp, tags.attributeValue], color: color('string') },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: color('name') },
]);

/** Backgrounds of lines have 8 % of their color: with more, a comment has too little contrast in light. */
const looks = EditorView.theme({
  '&': { height: '100%', color: color('text'), backgroundColor: color('background'), fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--sl-color-text-accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--__sl-font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'currentcolor' },
  '.cm-cursor': { borderLeftColor: 'currentcolor' },
  '.cm-gutters': { color: color('comment'), backgroundColor: 'transparent', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--sl-color-text-accent) 8%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--sl-color-text-accent) 30%, transparent) !important',
  },
  // The bar at the side shows the line without relying on color.
  '.cm-calling': {
    boxShadow: 'inset 4px 0 var(--aal2)',
    backgroundColor: 'color-mix(in srgb, var(--aal2) 8%, transparent)',
  },
  '.cm-calling.cm-refused': {
    boxShadow: 'inset 4px 0 var(--refused)',
    backgroundColor: 'color-mix(in srgb, var(--refused) 8%, transparent)',
  },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--aal2) 8%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--refused) 8%, transparent)' },
});
