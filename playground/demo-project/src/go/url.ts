/** URLs, as Go's net/url reads them. For writing, see url-writer.ts. */

interface GoUrl {
  scheme: string;
  host: string;
  port: string;
}

/**
 * Parses like Go's `url.Parse`, and returns `undefined` where Go reports an error. Go is stricter than browsers and
 * doesn't normalize.
 */
export function parseUrl(text: string): GoUrl | undefined {
  const [, scheme = '', authority, path = '', fragment = ''] =
    /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/is.exec(text) ?? [];
  const [, hostPort = ''] = /^(?:.*@)?(.*)$/s.exec(authority ?? '') ?? [];
  const [, host, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hostPort) ?? [];
  const isBad =
    [...text].some((character) => character < ' ' || character === '\u007f') ||
    host === undefined ||
    /[^\w.~!$&'()*+,;=:[\]<>"-]/.test(host.replaceAll(/[^\0-\u007f]/g, '')) ||
    /%(?![\da-f]{2})/i.test(path + fragment) ||
    (scheme === '' && authority === undefined && /^[^/]*:/.test(path));
  if (isBad) return undefined;
  return { scheme: scheme.toLowerCase(), host: host.replace(/^\[(.*)\]$/, '$1'), port };
}
