import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { ChannelError } from "./channel-error.ts";

/** An address that was looked up, judged, and is to be connected to. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * IPv4 that is not globally reachable (IANA special-purpose registry, RFC 6890): a webhook must not become a way into the
 * network of the server.
 */
const special = blockList([
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
]);
/** IPv6: only global unicast (2000::/3), and of it neither what embeds an IPv4 address nor what is for documents. */
const globalUnicast = blockList([["2000::", 3]]);
const specialSix = blockList([
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
]);

/** True for an address that anybody on the internet may be. */
export function isPublic({ address, family }: Address): boolean {
  if (family === 4) return !special.check(address, "ipv4");
  return globalUnicast.check(address, "ipv6") && !specialSix.check(address, "ipv6");
}

/**
 * Looks the host of a URL up and gives the address to connect to. Every answer must be public or allowed, for whoever answers
 * for the name chooses which comes first. Throws `ChannelError` that stays (`ADDRESS_REFUSED`) or passes (`HOST_UNKNOWN`).
 */
export async function admittedAddress(hostname: string, allowed: BlockList): Promise<Address> {
  const addresses = await addressesOf(hostname.replace(/^\[|\]$/g, ""));
  const refused = addresses.find(
    (found) => !isPublic(found) && !allowed.check(found.address, found.family === 6 ? "ipv6" : "ipv4"),
  );
  const [first] = addresses;
  if (refused || !first)
    throw new ChannelError("ADDRESS_REFUSED", `${hostname} leads to an address that is not public`, false);
  return first;
}

async function addressesOf(host: string): Promise<readonly Address[]> {
  const literal = isIP(host);
  if (literal === 4 || literal === 6) return [{ address: host, family: literal }];
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch (error) {
    throw new ChannelError("HOST_UNKNOWN", `${host} cannot be looked up`, true, { cause: error });
  }
}

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, isIP(address) === 6 ? "ipv6" : "ipv4");
  return list;
}
