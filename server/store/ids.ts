import { randomBytes } from "node:crypto";

const mostInAMoment = 0x0fff;
let moment = 0;
let inMoment = 0;

/**
 * A UUID of version 7 (RFC 9562): sorts by time of creation, needs no database to be unique. Within one millisecond its `rand_a`
 * counts (method 1 of section 6.2), so that what one process writes in a row also reads back in that order.
 */
export function newId(): string {
  const now = Date.now();
  if (now > moment) [moment, inMoment] = [now, 0];
  else if (inMoment < mostInAMoment) inMoment += 1;
  else [moment, inMoment] = [moment + 1, 0];
  const bytes = randomBytes(16);
  bytes.writeUIntBE(moment, 0, 6);
  bytes.writeUInt16BE(0x7000 | inMoment, 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
