/**
 * Reads a request's JSON as Supabase Auth does, in Go's words: https://pkg.go.dev/encoding/json.
 * A declaration names the Go struct and the Go type of each field, because both stand in the messages.
 */
import { AuthError } from './errors.ts';

type Kind = 'string' | '*string' | 'bool' | 'uuid' | 'map' | 'any';
type Value<K extends Kind> = K extends 'string' | 'uuid'
  ? string
  : K extends '*string'
    ? string | undefined
    : K extends 'bool'
      ? boolean | undefined
      : K extends 'map'
        ? { [key: string]: never } | undefined
        : unknown;

export interface Struct<Fields extends Record<string, Kind>> {
  /** The Go type, without its package. */
  name: string;
  fields: Fields;
}

export type Params<Fields extends Record<string, Kind>> = { [Name in keyof Fields]: Value<Fields[Name]> };

const goTypes: Record<Kind, string> = {
  string: 'string',
  '*string': 'string',
  bool: 'bool',
  uuid: 'uuid.UUID',
  map: 'map[string]interface {}',
  any: 'interface {}',
};

/**
 * The fields of `struct` in this text: absent strings are `''`, what else is absent is `undefined`; unknown fields are dropped.
 * @throws AuthError 400 `bad_json` with Go's message, for text that is not JSON or has a field of the wrong type
 */
export function parseParams<Fields extends Record<string, Kind>>(text: string, struct: Struct<Fields>): Params<Fields> {
  checkSyntax(text);
  const value: unknown = JSON.parse(text);
  const params: Record<string, unknown> = Object.fromEntries(
    Object.entries(struct.fields).map(([name, kind]) => [name, kind === 'string' || kind === 'uuid' ? '' : undefined]),
  );
  if (value === null) return params as Params<Fields>;
  if (typeof value !== 'object' || Array.isArray(value))
    throw badJson(`json: cannot unmarshal ${goWord(value)} into Go value of type api.${struct.name}`);

  let mismatch: AuthError | undefined;
  for (const [key, field] of Object.entries(value)) {
    // Go finds a field by its exact name, else by one that differs in case only.
    const name =
      key in struct.fields
        ? key
        : Object.keys(struct.fields).find((known) => known.toLowerCase() === key.toLowerCase());
    const kind = name === undefined ? undefined : struct.fields[name];
    if (name === undefined || kind === undefined || field === null) continue;
    if (kind === 'uuid') params[name] = parseUuid(field);
    else if (kind === 'any' || goType(field) === kind.replace('*', '')) params[name] = field;
    else
      mismatch ??= badJson(
        `json: cannot unmarshal ${goWord(field)} into Go struct field ${struct.name}.${name} of type ${goTypes[kind]}`,
      );
  }
  if (mismatch) throw mismatch;
  return params as Params<Fields>;
}

function badJson(message: string): AuthError {
  return new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${message}`);
}

/** github.com/gofrs/uuid, which takes any JSON text and says what is wrong with it. */
function parseUuid(field: unknown): string {
  const text = typeof field === 'string' ? field : JSON.stringify(field);
  if (text.length !== 36) throw badJson(`uuid: incorrect UUID length ${text.length} in string ${JSON.stringify(text)}`);
  if (!isUuid(text)) throw badJson(`uuid: incorrect UUID format in string ${JSON.stringify(text)}`);
  return text.toLowerCase();
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function goType(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'object' && !Array.isArray(value) ? 'map' : typeof value;
}

function goWord(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Throws what Go's scanner says about the first byte that is not JSON; every text that passes is JSON. */
function checkSyntax(text: string): void {
  let at = 0;
  const fail = (context: string): never => {
    if (at >= text.length) throw badJson('unexpected end of JSON input');
    throw badJson(`invalid character ${quote(text.charAt(at))} ${context}`);
  };
  const skipSpace = () => {
    while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at++;
  };
  const literal = (word: string) => {
    for (const [index, letter] of [...word].entries()) {
      if (text.charAt(at) !== letter)
        fail(index === 0 ? 'looking for beginning of value' : `in literal ${word} (expecting ${quote(letter)})`);
      at++;
    }
  };
  const string = () => {
    at++;
    while (text.charAt(at) !== '"') {
      if (at >= text.length || text.charAt(at) < ' ') fail('in string literal');
      if (text.charAt(at) === '\\') {
        at++;
        if (text.charAt(at) === 'u') {
          for (let digit = 0; digit < 4; digit++) {
            at++;
            if (!/[0-9a-f]/i.test(text.charAt(at))) fail('in \\u hexadecimal character escape');
          }
        } else if (!text.charAt(at) || !'"\\/bfnrt'.includes(text.charAt(at))) fail('in string escape code');
      }
      at++;
    }
    at++;
  };
  const digits = () => {
    while (/[0-9]/.test(text.charAt(at))) at++;
  };
  const number = () => {
    if (text.charAt(at) === '-') at++;
    if (!/[0-9]/.test(text.charAt(at))) fail('in numeric literal');
    if (text.charAt(at) === '0') at++;
    else digits();
    if (text.charAt(at) === '.') {
      at++;
      if (!/[0-9]/.test(text.charAt(at))) fail('after decimal point in numeric literal');
      digits();
    }
    if (/e/i.test(text.charAt(at))) {
      at++;
      if (/[+-]/.test(text.charAt(at))) at++;
      if (!/[0-9]/.test(text.charAt(at))) fail('in exponent of numeric literal');
      digits();
    }
  };
  const members = (close: string, after: string, member: () => void) => {
    at++;
    skipSpace();
    if (text.charAt(at) === close) {
      at++;
      return;
    }
    for (;;) {
      member();
      skipSpace();
      if (text.charAt(at) === close) break;
      if (text.charAt(at) !== ',') fail(after);
      at++;
      skipSpace();
    }
    at++;
  };
  const value = () => {
    skipSpace();
    const first = text.charAt(at);
    if (first === '{') {
      members('}', 'after object key:value pair', () => {
        if (text.charAt(at) !== '"') fail('looking for beginning of object key string');
        string();
        skipSpace();
        if (text.charAt(at) !== ':') fail('after object key');
        at++;
        value();
      });
    } else if (first === '[') members(']', 'after array element', value);
    else if (first === '"') string();
    else if (first === '-' || /[0-9]/.test(first)) number();
    else if (first === 't') literal('true');
    else if (first === 'f') literal('false');
    else if (first === 'n') literal('null');
    else fail('looking for beginning of value');
  };
  value();
  skipSpace();
  if (at < text.length) fail('after top-level value');
}

/** A character as Go quotes a byte. */
function quote(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(new TextDecoder('latin1').decode(new TextEncoder().encode(character).slice(0, 1))).slice(1, -1)}'`;
}
