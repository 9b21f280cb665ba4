/** Where a request comes from. */
import { isIp, printIp } from '../go/ip.ts';

/** The first address in `X-Forwarded-For`, as Go prints it. */
export function forwardedFor(headers: Headers): string | undefined {
  const addresses = headers.get('x-forwarded-for')?.split(',') ?? [];
  const address = addresses.map((part) => part.trim()).find(isIp);
  return address && printIp(address);
}
