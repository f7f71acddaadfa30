import type { ByteRange } from "./file-store.ts";

/**
 * The one range that a `Range` header asks for (RFC 9110 §14). `null` for none, and for what is not understood or asks for
 * several: the whole is then sent, as the RFC allows.
 */
export function byteRangeOf(header: string, bytes: number): ByteRange | null | "unsatisfiable" {
  const [whole, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (whole === undefined || (from === "" && to === "")) return null;
  if (from === "") {
    const length = Number(to);
    return length === 0 || bytes === 0 ? "unsatisfiable" : { first: Math.max(0, bytes - length), last: bytes - 1 };
  }
  if (to !== "" && Number(to) < Number(from)) return null;
  if (Number(from) >= bytes) return "unsatisfiable";
  return { first: Number(from), last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
