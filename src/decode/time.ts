const relative = new Intl.RelativeTimeFormat('en');

/** Returns how far a time is from now in its largest whole unit: "5 minutes ago", "in 2 days". Both are in seconds. */
export function distance(time: number, now: number): string {
  const seconds = Math.trunc(time - now);
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const;
  const [length, unit] = units.find(([length]) => Math.abs(seconds) >= length) ?? [1, 'second'];
  return relative.format(Math.trunc(seconds / length), unit);
}

/** Returns a Unix time in seconds as a date and time in UTC. If it's no such time, returns it as text. */
export function utc(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? String(seconds)
    : date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}
