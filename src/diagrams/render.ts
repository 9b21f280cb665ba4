/**
 * `npm run diagrams` renders each NAME.mmd of this folder to NAME.svg, with Mermaid in a browser. The SVGs are
 * committed, so a build needs no browser. They follow the page's theme: their colors are the variables of
 * playground/runtime/colors.css.
 *
 * To use a state's colors, a source names the state: `rect aal1` in a sequence diagram, `class NODE aal1` elsewhere. A
 * line `%% on PUT /user 401` before a message names the call that takes this step, with a status if only that status
 * takes it. The message's group gets it as `data-on`, so that the diagram can follow a run (sandbox/follow.ts).
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Mermaid, MermaidConfig } from 'mermaid';

const mermaidFolder = join(createRequire(import.meta.url).resolve('mermaid/package.json'), '..');
const mermaidVersion: string = JSON.parse(readFileSync(join(mermaidFolder, 'package.json'), 'utf8')).version;

const states = ['aal1', 'aal2', 'refused', 'none'];

/** Mermaid calculates with colors and doesn't accept `var()`, so each variable has a placeholder color until the end. */
const variables = [
  'sl-color-white',
  'sl-color-gray-3',
  'sl-color-black',
  ...states.flatMap((state) => [state, `${state}-fill`]),
];

function standIn(variable: string): string {
  return `#a1b0${variables.indexOf(variable).toString(16).padStart(2, '0')}`;
}

const [ink, line, paper] = variables.map(standIn);

const config: MermaidConfig = {
  theme: 'base',
  look: 'classic',
  securityLevel: 'strict',
  deterministicIds: true,
  htmlLabels: false,
  fontFamily: 'Arial, "Liberation Sans", Helvetica, sans-serif',
  themeCSS: `
    marker path { fill: ${line}; stroke: ${line}; }
    .statediagram-state text { text-anchor: middle; transform: translateX(60px); }
  `,
  themeVariables: {
    fontSize: '14px',
    background: paper,
    mainBkg: paper,
    primaryColor: paper,
    primaryTextColor: ink,
    primaryBorderColor: line,
    lineColor: line,
    textColor: ink,
    edgeLabelBackground: paper,
  },
  sequence: {
    actorMargin: 22,
    width: 78,
    height: 44,
    boxMargin: 6,
    messageMargin: 26,
    diagramMarginX: 2,
    diagramMarginY: 2,
    mirrorActors: false,
  },
  flowchart: { nodeSpacing: 24, rankSpacing: 34, padding: 10, curve: 'basis' },
  state: { nodeSpacing: 40, rankSpacing: 40 },
};

/** Returns the source for Mermaid, with names of states replaced by colors. */
function withColors(source: string): string {
  if (source.startsWith('sequenceDiagram')) {
    // `#` would start a comment here.
    return source.replace(
      /^( *rect) (\w+)$/gm,
      (_, rect, state) => `${rect} rgb(161, 176, ${variables.indexOf(`${state}-fill`)})`,
    );
  }
  const classes = states.map((state) => {
    return `classDef ${state} fill:${standIn(`${state}-fill`)},stroke:${standIn(state)},color:${standIn(state)}`;
  });
  return [source.trimEnd(), ...classes].join('\n');
}

/** Returns, for each message of a sequence diagram, the call that takes this step. */
function callsOf(source: string): (string | undefined)[] {
  const messages = source.matchAll(/(?:^ *%% on (.+)\n)?^ *\w+-{1,2}>*x?>?\w+:/gm);
  return [...messages].map(([, call]) => call);
}

/** Replaces the placeholder colors with variables, and removes icons that none of our diagrams uses. */
function withVariables(svg: string): string {
  return variables
    .reduce(
      (text, variable, blue) =>
        text
          .replaceAll(standIn(variable), `var(--${variable})`)
          .replaceAll(`rgb(161, 176, ${blue})`, `var(--${variable})`)
          .replaceAll(`rgba(161, 176, ${blue}, 0.5)`, `color-mix(in srgb, var(--${variable}) 50%, transparent)`),
      svg,
    )
    .replace(/<defs><symbol .*?<\/symbol><\/defs>/g, '');
}

/**
 * Returns the `data-source` that an SVG must have as a rendering of `source`. It changes with the source, the
 * settings here, and Mermaid's version.
 */
export function sourceHash(source: string): string {
  return createHash('sha256')
    .update(JSON.stringify([source, config, variables, mermaidVersion]))
    .digest('hex');
}

/** Returns the `data-output` that an SVG must have. It changes with every other character, to reveal edits by hand. */
export function outputHash(svg: string): string {
  return createHash('sha256')
    .update(svg.replace(/ data-output="[^"]*"/, '').trimEnd())
    .digest('hex');
}

async function renderAll(): Promise<void> {
  const executablePath = process.env['CHROME_PATH']; // set by `npm run diagrams`
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [], // root can't have a sandbox
  });
  const page = await browser.newPage();
  await page.addScriptTag({ path: join(mermaidFolder, 'dist/mermaid.min.js') });
  for (const file of globSync('*.mmd', { cwd: import.meta.dirname })) {
    const name = file.replace('.mmd', '');
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    const svg = await page.evaluate(
      async ([config, id, text, calls]) => {
        const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
        mermaid.initialize(config);
        const holder = document.createElement('div');
        holder.innerHTML = (await mermaid.render(id, text)).svg;
        // Mermaid draws the lines of a message's text before its arrow.
        for (const arrow of holder.querySelectorAll('[data-et="message"]')) {
          const call = calls.shift();
          if (!call) continue;
          const step = document.createElementNS('http://www.w3.org/2000/svg', 'g');
          step.dataset['on'] = call;
          while (arrow.previousElementSibling?.matches('.messageText')) step.prepend(arrow.previousElementSibling);
          arrow.before(step);
          step.append(arrow);
        }
        return holder.innerHTML;
      },
      [config, `diagram-${name}`, withColors(source), callsOf(source)] as const,
    );
    const marked = withVariables(svg).replace('<svg ', `<svg data-source="${sourceHash(source)}" `);
    const signed = marked.replace('<svg ', `<svg data-output="${outputHash(marked)}" `);
    writeFileSync(join(import.meta.dirname, `${name}.svg`), `${signed}\n`);
    console.log(`${name}.svg`);
  }
  await browser.close();
}

if (import.meta.main) await renderAll();
