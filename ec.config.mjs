// Options of Expressive Code. Its plugins can't stand in astro.config.mjs, which has to be data: the component <Code> reads them too.
import { defineEcConfig } from '@astrojs/starlight/expressive-code';
import { codeThemes } from './src/starlight/code-themes.ts';
import { leanCode } from './src/starlight/lean-code.ts';

export default defineEcConfig({
  themes: codeThemes,
  useStarlightUiThemeColors: true,
  defaultProps: { wrap: true },
  plugins: [leanCode(codeThemes.map(({ colors }) => colors['editor.foreground']))],
  styleOverrides: {
    borderRadius: '0.625rem',
    codeFontSize: '0.8rem', // 90 columns fit beside a table of contents
    codeLineHeight: '1.6',
    codePaddingInline: '1rem',
    uiFontSize: '0.8rem',
    frames: { editorActiveTabIndicatorTopColor: 'transparent' },
  },
});
