/** Patterns of paths and addresses. */

/**
 * Converts a pattern of github.com/gobwas/glob with the separators `.` and `/`. `*` and `?` stop at them, `**` doesn't.
 * `[a-c]`, `[!abc]`, and `{a,b}` work as in a shell.
 */
export function globToRegExp(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replaceAll(/\\.|\*\*|[*?{},]|\[!?[^\]]*\]|[.+^$()|[\]]/gs, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^./]*';
    if (part === '?') return '[^./]';
    if (part === '{') depth++;
    if (part === '{') return '(?:';
    if (part === '}') depth--;
    if (part === '}') return ')';
    if (part === ',') return depth > 0 ? '|' : ',';
    if (part.length > 2) return part.replaceAll('\\', '\\\\').replace('[!', '[^');
    return part.startsWith('\\') ? part.replace(/^\\(\w)$/, '$1') : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 's');
}
