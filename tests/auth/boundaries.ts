export const boundaries: [title: string, check: () => Promise<void>][] = [];
