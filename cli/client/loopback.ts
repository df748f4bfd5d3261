import { MillraceError } from './millrace-error.ts';

/** Names under these suffixes mean this machine, by RFC 6761 and by LocalStack's public DNS records. */
const loopbackSuffixes = ['.localhost', '.localhost.localstack.cloud'] as const;

function underLoopbackSuffix(hostname: string): boolean {
  return loopbackSuffixes.some((suffix) => hostname.endsWith(suffix));
}

/** @param hostname as `URL` spells it: lower case, IPv4 in four decimal parts, IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname) ||
    underLoopbackSuffix(hostname)
  );
}

/**
 * The host to open a connection to. A loopback name that DNS would have to resolve is dialled as 127.0.0.1:
 * Node asks the system for `x.localhost`, which need not know it, and no answer of a name server is to be trusted here.
 */
export function dialHost(url: URL): string {
  return underLoopbackSuffix(url.hostname) ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, '');
}

/**
 * @param what names the address in the message: `the endpoint`
 * @returns the address without a slash at the end
 * @throws MillraceError when it is not an http(s) address of this machine
 */
export function requireLoopback(address: string, what: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new MillraceError(
      `${what} '${address}' is no http address: expected one like http://127.0.0.1:4566`,
    );
  }
  if (!isLoopback(url.hostname)) {
    throw new MillraceError(
      `${what} '${address}' is not on this machine, and the local cloud only ever is: ` +
        'use a loopback address such as http://127.0.0.1:4566, or name an AWS environment with --env',
    );
  }
  return address.replace(/\/+$/, '');
}

/** Whether two addresses are one place: `localhost` and `127.0.0.1` on one port are. */
export function samePlace(left: string, right: string): boolean {
  const place = (address: string) => {
    const url = new URL(address);
    return `${url.protocol}//${isLoopback(url.hostname) ? 'loopback' : url.hostname}:${url.port}`;
  };
  return place(left) === place(right);
}
