/** Durations as Go's time package writes them. */

const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Returns the milliseconds of a duration in Go's notation: "1s", "1h30m", "-1.5h".
 * @throws Error with Go's message for anything else
 */
export function milliseconds(duration: string): number {
  const [, sign, parts = ''] = /^([-+]?)(.*)$/s.exec(duration) ?? [];
  if (parts === '0') return 0;
  const quoted = JSON.stringify(duration);
  let rest = parts;
  let sum = 0;
  do {
    const [whole = '', amount = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (amount === '') throw new Error(`time: invalid duration ${quoted}`);
    if (unit === '') throw new Error(`time: missing unit in duration ${quoted}`);
    if (units[unit] === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    sum += Number(amount) * units[unit];
    // Go counts nanoseconds in 64 bits.
    if (sum > 2 ** 63 / 1e6) throw new Error(`time: invalid duration ${quoted}`);
    rest = rest.slice(whole.length);
  } while (rest !== '');
  return sign === '-' ? -sum : sum;
}
