/** Faults of a call to somewhere else that have words of their own; those with a number are known by what stands before it. */
const known = [
  "HTTP",
  "ROBOT",
  "SMTP",
  "ROBOT_ANSWER",
  "HTTPS_ONLY",
  "URL_UNUSABLE",
  "TIMEOUT",
  "UNREACHABLE",
  "HOST_UNKNOWN",
  "ADDRESS_REFUSED",
  "NO_ADDRESS",
  "ENDPOINT_OFF",
] as const;
export type ChannelFault = (typeof known)[number] | "other";

/** What a fault is, as the server wrote it down (`CODE: detail`), and the number of the answer where it has one. */
export function channelFault(written: string): { readonly fault: ChannelFault; readonly code: string } {
  const code = written.split(":")[0] ?? "";
  const kind = code.replace(/_-?\d+$/, "");
  return { fault: known.find((fault) => fault === kind) ?? "other", code };
}
