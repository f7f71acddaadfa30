import { createHash, getHashes } from "node:crypto";
import type { Json } from "../../engine/expressions/json.ts";

/** SM3 (GB/T 32905) where OpenSSL has it, so that evidence suits Chinese cryptography rules. */
export const digestAlgorithm = getHashes().includes("sm3") ? "sm3" : "sha256";

/** Hash of a text, in hexadecimal. */
export function digestOf(content: string): string {
  return createHash(digestAlgorithm).update(content).digest("hex");
}

/** Hash of data that does not depend on the order of its keys: the same content always gives the same hash. */
export function contentHash(content: Json): string {
  return digestOf(JSON.stringify(sorted(content)));
}

function sorted(content: Json): Json {
  if (Array.isArray(content)) return content.map(sorted);
  if (typeof content !== "object" || content === null) return content;
  return Object.fromEntries(
    Object.entries(content)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}
