/** The client's IP address. */
import { isIp, printIp } from '../go/ip.ts';

/** Returns the first address in `X-Forwarded-For`, formatted the way Go does. */
export function forwardedFor(headers: Headers): string | undefined {
  const addresses = headers.get('x-forwarded-for')?.split(',') ?? [];
  const address = addresses.map((part) => part.trim()).find(isIp);
  return address && printIp(address);
}
