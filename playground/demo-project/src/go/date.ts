/** Dates as Go's time package reads them. */

/** Returns Go's message for an invalid date, or `undefined` for a valid one. */
export function problemWithDate(text: string): string | undefined {
  let rest = text;
  for (const [part, form] of [
    ['2006', /^\d{4}/],
    ['-', /^-/],
    ['01', /^\d\d/],
    ['-', /^-/],
    ['02', /^\d\d/],
  ] as const) {
    const [found] = form.exec(rest) ?? [];
    if (found === undefined) return ` as "2006-01-02": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`;
    if (part === '01' && (Number(found) < 1 || Number(found) > 12)) return ': month out of range';
    rest = rest.slice(found.length);
  }
  if (rest !== '') return `: extra text: ${JSON.stringify(rest)}`;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > days ? ': day out of range' : undefined;
}
