/**
 * The colors of code, for both color schemes. There are few, so that each means something, and none is the color of a session's state
 * (amber, green, red). Few kinds of tokens also mean few elements: a page of code is a third lighter than with an editor's theme.
 */
interface Palette {
  text: string;
  background: string;
  comment: string;
  keyword: string;
  string: string;
  name: string;
}

const scopes: { [color in keyof Palette]?: string[] } = {
  comment: ['comment', 'punctuation.definition.comment'],
  keyword: ['keyword', 'storage', 'constant.language', 'entity.name.tag', 'markup.deleted'],
  string: ['string', 'constant.numeric', 'constant.character', 'markup.inserted', 'attribute_value'],
  name: ['entity.name.function', 'support.function', 'support.type.property-name'],
};

/** Returns a theme in VS Code's format. */
function theme(type: 'dark' | 'light', palette: Palette) {
  return {
    name: `code-${type}`,
    type,
    colors: { 'editor.background': palette.background, 'editor.foreground': palette.text },
    settings: [
      ...Object.entries(scopes).map(([color, scope]) => ({
        scope,
        settings: { foreground: palette[color as keyof Palette] },
      })),
      // Punctuation has the color of text everywhere.
      {
        scope: ['keyword.operator', 'punctuation', 'storage.type.function.arrow'],
        settings: { foreground: palette.text },
      },
      { scope: ['keyword.operator.new', 'keyword.operator.expression'], settings: { foreground: palette.keyword } },
      { scope: ['punctuation.definition.string'], settings: { foreground: palette.string } },
      { scope: ['punctuation.definition.comment'], settings: { foreground: palette.comment } },
    ],
  };
}

export const palettes = {
  dark: {
    text: '#dcd8ea',
    background: '#171522',
    comment: '#9590a8',
    keyword: '#b9a3ff',
    string: '#7cc7e8',
    name: '#8fb4ff',
  },
  light: {
    text: '#2b2740',
    background: '#f9f8fd',
    comment: '#6a6480',
    keyword: '#6b35c9',
    string: '#0b6583',
    name: '#2551b8',
  },
} satisfies { [scheme: string]: Palette };

export const codeThemes = [theme('dark', palettes.dark), theme('light', palettes.light)];
