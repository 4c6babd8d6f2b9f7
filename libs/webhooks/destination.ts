import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** An address of our own network, of this machine, or of nobody: a partner's URL must not lead there. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}

const NOT_PUBLIC = new BlockList();
for (const block of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]) {
  const [net, bits] = block.split('/');
  NOT_PUBLIC.addSubnet(net!, Number(bits), 'ipv4');
}
/** Of IPv6 only what is handed out as global unicast, without its parts that lead into IPv4 or nowhere. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');
}

/** True for an address that anybody on the internet may be asked to go to. @example isPublicAddress('10.1.2.3') // false */
function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return family === 6 && PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/**
 * True when a URL may be a receiver's: https, no user name in it, and no address of a private network written out. What a
 * name resolves to is looked at with each connection.
 *
 * @param anyAddress development only: http and every address will do
 */
export function isAllowedUrl(text: string, anyAddress: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  if (anyAddress) return protocol === 'https:' || protocol === 'http:';
  return protocol === 'https:' && isAllowedHost(hostname);
}

/** A name, or a public address. The brackets of IPv6 are the URL's. */
export function isAllowedHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 || isPublicAddress(address);
}

/**
 * Resolves a name for one connection and hands on only addresses that are public; the connection goes to those very
 * addresses, so that a name cannot be public when it is looked at and private when it is used.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '');
    const addresses = found.filter(({ address }) => isPublicAddress(address));
    const first = addresses[0];
    if (!first) return callback(new AddressRefused('the name leads to a private address'), '');
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
