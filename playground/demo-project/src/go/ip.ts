/** IP addresses, as Go's net.ParseIP reads them. */

export function isIp(host: string): boolean {
  return isIpv4(host) || (host.includes(':') && URL.canParse(`http://[${host}]`));
}

function isIpv4(host: string): boolean {
  return /^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/.test(host);
}

export function isLoopback(host: string): boolean {
  return isIpv4(host)
    ? host.startsWith('127.')
    : isIp(host) && /^\[::(1|ffff:7f[\da-f]{2}:[\da-f]+)\]$/.test(new URL(`http://[${host}]`).hostname);
}

/** Formats an address the way Go does. */
export function printIp(address: string): string {
  return isIpv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}
