/** Addresses as Go's net/url reads them. How it writes them stands in url-writer.ts. */

interface GoUrl {
  scheme: string;
  host: string;
  port: string;
}

/** What Go's `url.Parse` finds; `undefined` where it finds an error. It is stricter than a browser and changes nothing. */
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
