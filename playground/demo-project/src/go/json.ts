/**
 * JSON as Go's encoding/json reads it: https://pkg.go.dev/encoding/json. For writing, see json-writer.ts. A declaration
 * names the Go struct and the Go type of each field, because error messages contain both.
 */
import { fromBase64Url } from './base64.ts';
import { quoteByte } from './quote.ts';
import { decodeUuid } from './uuid.ts';

type Kind =
  | 'string'
  | '*string'
  | 'bool'
  | 'int64'
  | 'uuid.UUID'
  | 'map[string]interface {}'
  | '[]string'
  | 'protocol.URLEncodedBase64'
  | 'json.RawMessage'
  | 'any';

/** The Go type and its fields, in any order. Without a package in the name, the package is `api`. */
export interface Struct {
  readonly name: string;
  readonly fields: { readonly [name: string]: Kind | Struct };
}

type Field<Type> = Type extends 'string' | 'uuid.UUID'
  ? string
  : Type extends '*string'
    ? string | undefined
    : Type extends 'bool'
      ? boolean | undefined
      : Type extends 'map[string]interface {}'
        ? { [key: string]: never } | undefined
        : Type extends Struct
          ? Params<Type> | undefined
          : Type extends keyof Others
            ? Others[Type] | undefined
            : unknown;

interface Others {
  int64: number;
  '[]string': string[];
  'protocol.URLEncodedBase64': Uint8Array<ArrayBuffer>;
  'json.RawMessage': RawMessage;
}

export type Params<Type extends Struct> = { [Name in keyof Type['fields']]: Field<Type['fields'][Name]> };

/** The message of Go's decoder for text that it can't read. */
export class GoJsonError extends Error {}

/**
 * Returns the fields of `struct` in this text. Missing strings are '', other missing fields are `undefined`, and
 * unknown fields are dropped.
 * @throws GoJsonError
 */
export function parse<Type extends Struct>(text: string, struct: Type): Params<Type> {
  return fromValue(new Reader(text).read(), struct);
}

/** Like `parse`, but reads the first value and ignores the text after it. @throws GoJsonError */
export function parseFirst<Type extends Struct>(text: string, struct: Type): Params<Type> {
  return fromValue(new Reader(text).read(true), struct);
}

/** A value that was parsed but not interpreted; `decode` does that. It can be `null`. */
export type RawMessage = Value;

/** Returns the fields of `struct` in this value. @throws GoJsonError */
export function decode<Type extends Struct>(raw: RawMessage, struct: Type): Params<Type> {
  return fromValue(raw, struct);
}

function fromValue<Type extends Struct>(value: Value, struct: Type): Params<Type> {
  if (value !== null && !(value instanceof Members))
    throw new GoJsonError(`json: cannot unmarshal ${goWord(value)} into Go value of type ${goType(struct)}`);
  const mismatches: string[] = [];
  const params = fill(struct, value ?? new Members(), '', mismatches);
  if (mismatches[0] !== undefined) throw new GoJsonError(mismatches[0]);
  return params as Params<Type>;
}

/** The members of an object as they appear in the text. Every occurrence of a key is checked, in order. */
class Members extends Array<[string, Value]> {}
type Value = string | number | boolean | null | TooLarge | Value[] | Members;

/** A number too large for Go's float64. It's only an error where the number is used. */
class TooLarge {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Collects type mismatches, because Go reads on and reports the first one. Errors from a type's own reader (UUID,
 * base64) stop reading.
 */
function fill({ name, fields }: Struct, members: Members, path: string, mismatches: string[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(fields))
    params[field] = kind === 'string' || kind === 'uuid.UUID' ? '' : undefined;
  for (const [key, value] of members) {
    // Go prefers a field with the exact name, and otherwise ignores case.
    const names = Object.keys(params);
    const field = names.includes(key) ? key : names.find((known) => known.toLowerCase() === key.toLowerCase());
    const kind = field === undefined ? undefined : fields[field];
    if (field === undefined || kind === undefined) continue;
    const place = `${name.replace(/^.*\./, '')}.${path}${field}`;
    const keep = () => plain(value, (text) => mismatches.push(mismatch(`number ${text}`, place, 'float64')));
    if (kind === 'json.RawMessage') params[field] = value;
    else if (value === null) {
      // In Go, null clears types that can be empty and leaves the others unchanged.
      if (kind !== 'string' && kind !== 'bool' && kind !== 'uuid.UUID') params[field] = undefined;
    } else if (kind === 'map[string]interface {}' && value instanceof Members)
      // Go merges repeated keys.
      params[field] = { ...(params[field] as object | undefined), ...(keep() as object) };
    else if (typeof kind === 'object' && value instanceof Members)
      params[field] = {
        ...(params[field] as object | undefined),
        ...fill(kind, value, `${path}${field}.`, mismatches),
      };
    else if (kind === 'uuid.UUID' && typeof value === 'string') params[field] = readUuid(value);
    else if (kind === 'protocol.URLEncodedBase64' && typeof value === 'string') params[field] = readBase64(value);
    else if (kind === 'any' || isOfKind(value, kind)) params[field] = keep();
    else {
      const type = typeof kind === 'object' ? goType(kind) : kind.replace('*', '');
      mismatches.push(mismatch(goWord(value), place, type));
    }
  }
  return params;
}

function mismatch(found: string, place: string, type: string): string {
  return `json: cannot unmarshal ${found} into Go struct field ${place} of type ${type}`;
}

function goType({ name }: Struct): string {
  return /[.[]/.test(name) ? name : `api.${name}`;
}

function isOfKind(value: Value, kind: Kind | Struct): boolean {
  if (kind === 'bool') return typeof value === 'boolean';
  if (kind === 'int64') return Number.isInteger(value);
  if (kind === '[]string') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return /^\*?string$/.test(String(kind)) && typeof value === 'string';
}

/** Converts to plain JavaScript. Doesn't recurse, because Go accepts 10,000 levels. */
function plain(value: Value, refuse: (number: string) => void): unknown {
  const whole: { [key: string]: unknown } = {};
  const rest: [into: { [key: string]: unknown }, key: string | number, value: Value][] = [[whole, '', value]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [into, key, value] = next;
    if (value instanceof Members) {
      // Create all keys first: this keeps their order, and `__proto__` becomes an ordinary key.
      const made = Object.fromEntries(value.map(([key]) => [key, null as unknown]));
      into[key] = made;
      for (const [key, member] of value.toReversed()) rest.push([made, key, member]);
    } else if (Array.isArray(value)) {
      const made: unknown[] = [];
      into[key] = made;
      for (const [at, item] of [...value.entries()].reverse()) rest.push([made as never, at, item]);
    } else if (value instanceof TooLarge) refuse(value.text);
    else into[key] = value;
  }
  return whole[''];
}

function goWord(value: Value): string {
  if (value instanceof Members) return 'object';
  if (Array.isArray(value)) return 'array';
  if (value instanceof TooLarge) return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go replaces unpaired surrogates. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Parses JSON. Throws the message of Go's scanner for the first invalid byte. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Doesn't recurse, because Go accepts 10,000 levels. With `onlyFirst`, ignores what follows the value. */
  read(onlyFirst = false): Value {
    const open: (Value[] | Members)[] = [];
    const keys: string[] = [];
    for (;;) {
      let value = this.#begin();
      if (Array.isArray(value)) {
        if (open.length >= 10_000) this.#fail('exceeded max depth');
        this.#at++;
        this.#skipSpace();
        if (!this.#next(closing(value))) {
          open.push(value);
          if (value instanceof Members) keys.push(this.#key());
          continue;
        }
        this.#at++;
      }
      for (;;) {
        const container = open.at(-1);
        this.#skipSpace();
        if (!container) {
          if (!onlyFirst && this.#at < this.#text.length) this.#fail('after top-level value');
          return value;
        }
        if (container instanceof Members) container.push([keys.pop() ?? '', value]);
        else container.push(value);
        if (!this.#next(closing(container))) {
          if (!this.#next(','))
            this.#fail(container instanceof Members ? 'after object key:value pair' : 'after array element');
          this.#at++;
          if (container instanceof Members) keys.push(this.#key());
          break;
        }
        this.#at++;
        open.pop();
        value = container;
      }
    }
  }

  /** Reads a value, or returns an empty container whose opening bracket comes next. */
  #begin(): Value {
    this.#skipSpace();
    const from = this.#at;
    if (this.#next('{')) return new Members();
    if (this.#next('[')) return [];
    if (this.#next('"')) return this.#string();
    if (this.#next('t')) this.#literal('true');
    else if (this.#next('f')) this.#literal('false');
    else if (this.#next('n')) this.#literal('null');
    else if (this.#next(/[-\d]/)) this.#number();
    else this.#fail('looking for beginning of value');
    const text = this.#text.slice(from, this.#at);
    const value = JSON.parse(text);
    return Math.abs(value) === Number.POSITIVE_INFINITY ? new TooLarge(text) : value;
  }

  #key(): string {
    this.#skipSpace();
    if (!this.#next('"')) this.#fail('looking for beginning of object key string');
    const key = this.#string();
    this.#skipSpace();
    if (!this.#next(':')) this.#fail('after object key');
    this.#at++;
    return key;
  }

  #string(): string {
    const from = this.#at;
    this.#at++;
    while (!this.#next('"')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string
      if (!this.#next(/[^\0-\x1f]/)) this.#fail('in string literal');
      if (this.#next('\\')) {
        this.#at++;
        if (this.#next('u')) {
          for (let digit = 0; digit < 4; digit++) {
            this.#at++;
            if (!this.#next(/[\da-f]/i)) this.#fail('in \\u hexadecimal character escape');
          }
        } else if (!this.#next(/["\\/bfnrt]/)) this.#fail('in string escape code');
      }
      this.#at++;
    }
    this.#at++;
    return wellFormed(JSON.parse(this.#text.slice(from, this.#at)));
  }

  #number(): void {
    if (this.#next('-')) this.#at++;
    if (this.#next('0')) this.#at++;
    else this.#digits('in numeric literal');
    if (this.#next('.')) {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (this.#next(/e/i)) {
      this.#at++;
      if (this.#next(/[-+]/)) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
  }

  #digits(context: string): void {
    if (!this.#next(/\d/)) this.#fail(context);
    while (this.#next(/\d/)) this.#at++;
  }

  #literal(word: string): void {
    for (const letter of word) {
      if (!this.#next(letter)) this.#fail(`in literal ${word} (expecting ${quoteByte(letter)})`);
      this.#at++;
    }
  }

  #skipSpace(): void {
    while (this.#next(/[ \t\r\n]/)) this.#at++;
  }

  #next(expected: string | RegExp): boolean {
    const character = this.#text.charAt(this.#at);
    return typeof expected === 'string' ? character === expected : expected.test(character);
  }

  /**
   * At the end of the text, Go feeds its scanner a space. The error is about that space, unless a space is allowed
   * there.
   */
  #fail(context: string): never {
    const atEnd = this.#at >= this.#text.length;
    if (atEnd && /^(looking|after (object|array)|in string literal)/.test(context))
      throw new GoJsonError('unexpected end of JSON input');
    throw new GoJsonError(`invalid character ${quoteByte(atEnd ? ' ' : this.#text.charAt(this.#at))} ${context}`);
  }
}

function closing(container: Value[] | Members): string {
  return container instanceof Members ? '}' : ']';
}

function readUuid(text: string): string {
  const decoded = decodeUuid(text);
  if ('error' in decoded) throw new GoJsonError(decoded.error);
  return decoded.uuid;
}

/** go-webauthn accepts padding too. */
function readBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(text.replace(/=+$/, ''));
  } catch (error) {
    throw new GoJsonError((error as Error).message);
  }
}
